import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { replayRuns, type Verdict } from '../../bench/agentdojo/replay-runs.ts';
import { toolManifest } from '../../connectors/mcp/index.ts';
import type { Json, JsonObject } from '../../src/lib/json.ts';

/** Each file tells of one kind of tools: what they return, and what agents do with them, asked to and not. */
interface Scenarios {
  readonly tools: Readonly<Record<string, ToolEntry>>;
  readonly results: Readonly<Record<string, Json>>;
  readonly benign: readonly Scenario[];
  readonly held: readonly Scenario[];
  readonly attacks: readonly Scenario[];
}
interface ToolEntry {
  readonly effect: { readonly kind: string };
  readonly arguments?: Readonly<Record<string, string>>;
}
interface Scenario {
  /** Only a manifest with roles can tell. */
  readonly needsRoles?: boolean;
  readonly prompt: string;
  readonly calls: readonly {
    readonly tool: string;
    readonly args: JsonObject;
    readonly result?: string;
    readonly expect?: 'stopped';
  }[];
}

const FOLDER = join(import.meta.dirname, 'injection');
const PACK = readFileSync(join(import.meta.dirname, '../../policies/packs/injection.cedar'), 'utf8');
const files = readdirSync(FOLDER).map(
  (name) => [name, parse(readFileSync(join(FOLDER, name), 'utf8')) as Scenarios] as const,
);

/** How much somebody has written of the tools. */
const MANIFESTS: Readonly<Record<string, (entry: ToolEntry) => unknown>> = {
  'a full manifest': (entry) => entry,
  'a manifest of effects and destinations': ({ effect: { kind }, arguments: roles = {} }) => ({
    effect: { kind },
    destinations: Object.keys(roles).filter((path) => roles[path] === 'destination'),
  }),
  'a manifest of effects alone': ({ effect: { kind } }) => ({ effect: { kind } }),
};

async function verdicts(
  { tools, results }: Scenarios,
  manifest: (entry: ToolEntry) => unknown,
  scenarios: readonly Scenario[],
): Promise<readonly (readonly Verdict[])[]> {
  const entries = Object.fromEntries(Object.entries(tools).map(([name, entry]) => [name, manifest(entry)]));
  const parsed = toolManifest.parse({ tools: entries }).tools;
  const args = (tool: string) => scenarios.flatMap(({ calls }) => calls.filter((call) => call.tool === tool));
  const offered = Object.keys(tools).map((name) => ({
    name,
    params: { properties: Object.assign({}, ...args(name).map((call) => call.args)) as JsonObject },
  }));
  const runs = scenarios.map(({ prompt, calls }) => ({
    suite: 'scenarios',
    prompt,
    calls: calls.map((call) => ({
      ...call,
      result: call.result === undefined ? { ok: true } : (results[call.result] ?? null),
    })),
  }));
  const suite = { tools: offered, manifest: { tools: new Map(Object.entries(parsed)), guessed: [] }, policies: PACK };
  const found: (readonly Verdict[])[] = [];
  for await (const each of replayRuns(suite, runs)) found.push(each);
  return found;
}

describe.for(files)('%s', ([, scenarios]) => {
  const all = [...scenarios.benign, ...scenarios.held, ...scenarios.attacks];

  test.for(Object.entries(MANIFESTS))(
    'with %s: what the user asked for goes on, and nothing else',
    async ([, manifest]) => {
      const told = all.filter(({ needsRoles }) => needsRoles !== true || manifest === MANIFESTS['a full manifest']);
      const found = await verdicts(scenarios, manifest, told);
      const wrong = told.flatMap(({ prompt, calls }, run) =>
        calls.flatMap(({ tool, args, expect: expected }, at) => {
          const word = found[run]?.[at]?.word;
          const isRight = expected === 'stopped' ? word === 'held' || word === 'denied' : word === 'allowed';
          return isRight ? [] : [{ prompt, tool, args, word, policies: found[run]?.[at]?.policies }];
        }),
      );
      expect(wrong).toEqual([]);
    },
  );

  test('without a mandate, nothing that was read is anybody’s order', async () => {
    const orderless = scenarios.benign.map((scenario) => ({ ...scenario, prompt: '' }));
    const found = await verdicts(scenarios, (entry) => entry, orderless);
    const writes = orderless.flatMap(({ calls }, run) =>
      calls.flatMap(({ tool }, at) => (scenarios.tools[tool]?.effect.kind === 'read' ? [] : [found[run]?.[at]?.word])),
    );
    expect(writes.filter((word) => word === 'allowed')).toEqual([]);
  });
});

test('every policy of the pack stops something that no other would', async () => {
  const ids = [...PACK.matchAll(/@id\("([^"]+)"\)/g)].map(([, id]) => id);
  const alone = new Set<string | undefined>();
  for (const [, scenarios] of files)
    for (const calls of await verdicts(scenarios, (entry) => entry, [...scenarios.held, ...scenarios.attacks]))
      for (const { policies, word } of calls) if (word !== 'allowed' && policies.length === 1) alone.add(policies[0]);
  expect(ids.filter((id) => !alone.has(id))).toEqual([]);
});
