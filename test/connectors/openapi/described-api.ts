import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { parse } from 'yaml';
import openapi from '../../../connectors/openapi/index.ts';
import type { ExecutionResult } from '../../../src/connector/contract.ts';
import { Registry } from '../../../src/connector/registry.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { Json, JsonObject } from '../../../src/lib/json.ts';
import { newDirectory } from '../../support/test-gateway.ts';

export interface Received {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** An API behind a description: it answers what the test says, and remembers what came. */
export async function startApi(reply: Reply | 'reset' = { body: {} }) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    received.push({ method: request.method ?? '', target: request.url ?? '', headers: request.headers, body });
    if (reply === 'reset') {
      request.socket.destroy();
      return;
    }
    const { status = 200, headers = {}, body: answer } = reply;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(answer === undefined ? undefined : JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, received };
}

/** One description of one operation, for tests that are about a part of it. */
export function describing(path: string, item: JsonObject, components: JsonObject = {}): JsonObject {
  return { openapi: '3.0.3', info: { title: 'T', version: '1' }, paths: { [path]: item }, components };
}

export interface Given {
  readonly description: JsonObject;
  /** By `METHOD /path`; pins are those of the description unless the entry has one. */
  readonly entries?: Readonly<Record<string, JsonObject>>;
  readonly settings?: JsonObject;
  readonly url?: string;
}

const READ: JsonObject = { kind: 'read', external: false };
export const UPDATE: JsonObject = { kind: 'update', reversible: 'no', external: false, privileged: false };

/** A registry with one described API; without `entries` every operation is accepted, reads as reads and others as updates. */
export async function governedApi({ description, entries, settings = {}, url = 'https://api.example/v1' }: Given) {
  const directory = newDirectory();
  const file = join(directory, 'api.json');
  writeFileSync(file, JSON.stringify(description));
  const proposed = await proposalOf(file);
  const accepted = entries ?? Object.fromEntries(Object.keys(proposed).map((key) => [key, effectOfKey(key)]));
  const operations = Object.fromEntries(
    Object.entries(accepted).map(([key, entry]) => {
      const pin = proposed[key]?.['pin'];
      return [key, { ...(pin === undefined ? {} : { pin }), ...entry }];
    }),
  );
  writeFileSync(join(directory, 'api.manifest.json'), JSON.stringify({ operations }));
  const chosen = { url, description: 'api.json', manifest: 'api.manifest.json', ...settings };
  const environment = { clock: systemClock, baseDirectory: directory, log: () => undefined };
  const registry = await Registry.connect([{ system: 'api', connector: openapi, settings: chosen }], environment);
  onTestFinished(() => registry.close());
  return {
    registry,
    directory,
    run: (operation: string, input: JsonObject): Promise<ExecutionResult> => {
      const { definition, context } = registry.operation(operation);
      const parsed: Json = definition.input.parse(input);
      return definition.execute(parsed, context('act-1', AbortSignal.timeout(10_000)));
    },
    refusalOf: (operation: string) => {
      try {
        registry.operation(operation);
        return undefined;
      } catch (thrown) {
        return thrown;
      }
    },
  };
}

function effectOfKey(key: string): JsonObject {
  return { effect: key.startsWith('GET ') ? READ : UPDATE };
}

/** What is proposed for a description, by operation. */
export async function proposalOf(file: string): Promise<Readonly<Record<string, JsonObject>>> {
  const text = (await openapi.intake?.proposeFrom?.(file)) ?? '';
  return parse(text).operations;
}
