import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import openapi from '../../../connectors/openapi/index.ts';
import { generateInputs } from '../../../src/connector/conformance/generate-inputs.ts';
import type { ExecutionContext } from '../../../src/connector/contract.ts';
import type { HttpCall } from '../../../src/connector/http/http-client.ts';
import { Registry } from '../../../src/connector/registry.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { newDirectory } from '../../support/test-gateway.ts';
import { proposalOf } from './described-api.ts';

export interface SentCall {
  readonly operation: string;
  readonly input: JsonObject;
  readonly call: HttpCall;
}

/** A described API with whatever is proposed accepted as it is, which nobody should do. */
export async function acceptAll(file: string): Promise<Registry> {
  const directory = newDirectory();
  const accepted = Object.entries(await proposalOf(file)).map(([key, { pin, proposal }]) => [
    key,
    pin === undefined ? {} : { pin, effect: proposal },
  ]);
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ operations: Object.fromEntries(accepted) }));
  const settings = { url: 'https://api.example', description: file, manifest: 'manifest.json' };
  const environment = { clock: systemClock, baseDirectory: directory, log: () => undefined };
  return Registry.connect([{ system: 'api', connector: openapi, settings }], environment);
}

/** What the connector sends for made-up inputs of every operation, the same for the same file. */
export async function sentCalls(registry: Registry, count: number): Promise<readonly SentCall[]> {
  const refused = new Set([...registry.all()].filter(({ name }) => isRefused(registry, name)).map(({ name }) => name));
  let state = 7;
  const random = () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const sent: SentCall[] = [];
  for (const { name, definition } of registry.all()) {
    if (refused.has(name)) continue;
    for (const input of generateInputs(definition.input, {
      seeds: [{}],
      vocabulary: [{ a: 'plain', b: 'x-1', c: 'open' }],
      count,
      random,
    })) {
      const context: ExecutionContext = {
        actionId: 'act-1',
        clock: systemClock,
        signal: new AbortController().signal,
        http: {
          send: async (call) => {
            sent.push({ operation: name, input, call });
            return { ok: true, reply: { status: 200, headers: {}, body: undefined } };
          },
        },
      };
      await definition.execute(input, context);
    }
  }
  return sent;
}

function isRefused(registry: Registry, name: string): boolean {
  try {
    registry.operation(name);
    return false;
  } catch {
    return true;
  }
}
