import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import mcp, { listServerTools, pinOf } from '../../../connectors/mcp/index.ts';
import type { Action } from '../../../src/action/action.ts';
import type { ConnectorEnvironment, ExecutionResult } from '../../../src/connector/contract.ts';
import { Registry } from '../../../src/connector/registry.ts';
import { type Clock, systemClock } from '../../../src/lib/clock.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import type { TestTool } from './obedient-server.ts';

const REPOSITORY = join(import.meta.dirname, '../../..');
const PRINCIPAL = { tenant: 't', workflow: 'w', session: 's', agent: 'a', onBehalfOf: 'u' };

export interface GovernedMcp {
  readonly registry: Registry;
  /** As the gate would: the call becomes an action, or throws; then it is executed. */
  readonly run: (
    operation: string,
    input: JsonObject,
  ) => Promise<{ readonly action: Action; readonly outcome: ExecutionResult }>;
  readonly operations: readonly string[];
  readonly refused: readonly string[];
}

/** A server behind the real connector and the real registry; closed when the test ends. */
export async function governedMcp(
  settings: JsonObject,
  { clock = systemClock, system = 'test' }: { readonly clock?: Clock; readonly system?: string } = {},
): Promise<GovernedMcp> {
  const registry = await Registry.connect([{ system, connector: mcp, settings }], environment(clock));
  onTestFinished(() => registry.close());
  const names = [...registry.all()].map(({ name }) => name);
  return {
    registry,
    operations: names,
    refused: names.filter((name) => isRefused(registry, name)),
    async run(operation, input) {
      const action = registry.normalise({ call: { operation, input }, id: 'act_1', mode: 'run', principal: PRINCIPAL });
      const { definition, context } = registry.operation(operation);
      return { action, outcome: await definition.execute(action.input, context('act_1', AbortSignal.timeout(20_000))) };
    },
  };
}

function isRefused(registry: Registry, name: string): boolean {
  try {
    registry.operation(name);
    return false;
  } catch {
    return true;
  }
}

export function environment(clock: Clock = systemClock): Omit<ConnectorEnvironment, 'system'> {
  return { clock, baseDirectory: REPOSITORY, log: () => undefined };
}

/** A folder of the test's own. */
export function scratch(): string {
  return mkdtempSync(join(tmpdir(), 'interlock-mcp-'));
}

export interface ObedientSettings {
  readonly settings: JsonObject;
  readonly manifestFile: string;
  /** Writes what the server lists from now on. */
  offer(tools: readonly TestTool[]): void;
}

/** Settings for the obedient server over stdio, whose tools are all classified and pinned as they are now. */
export async function obedientSettings(
  tools: readonly TestTool[],
  entry: JsonObject = { effect: { kind: 'execute' } },
): Promise<ObedientSettings> {
  const folder = scratch();
  const toolsFile = join(folder, 'tools.json');
  const manifestFile = join(folder, 'manifest.yaml');
  const offer = (offered: readonly TestTool[]) => writeFileSync(toolsFile, JSON.stringify(offered));
  offer(tools);
  const settings = { command: 'node', args: [join(import.meta.dirname, 'obedient-server-main.ts'), toolsFile] };
  const pins = await listServerTools(mcp.settings.parse(settings), { ...environment(), system: 'test' });
  const entries = pins.map((definition) => [definition.name, { ...entry, pin: pinOf(definition) }] as const);
  writeFileSync(manifestFile, stringify({ tools: Object.fromEntries(entries) }));
  return { settings: { ...settings, manifest: manifestFile }, manifestFile, offer };
}

/** A clock that stands still until it is told otherwise. */
export function handClock(): Clock & { now(): number; advance(ms: number): void } {
  let now = 1_000_000;
  return {
    now: () => now,
    after: () => () => undefined,
    advance(ms) {
      now += ms;
    },
  };
}
