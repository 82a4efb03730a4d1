import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CERBOS_PACKAGE } from '../../bench/cerbos-server.ts';
import { cellsOf, contenderName } from '../../bench/decide/cell.ts';
import { ifElse } from '../../bench/decide/engines/if-else.ts';
import { questionsIn } from '../../bench/decide/questions.ts';
import { type RuleSet, ruleSet } from '../../bench/decide/rules.ts';
import { summaryRows } from '../../bench/decide/summary.ts';
import { peerFile } from '../../bench/peers.ts';
import type { Row } from '../../bench/row.ts';
import { PATIENCE_MS, quickRows } from './quick-rows.ts';

const PEERS = new Map([
  ['@microsoft/agent-governance-sdk', 'agent-governance-sdk'],
  ['casbin', 'casbin'],
  ['@marcbachmann/cel-js', 'cel-js'],
  [CERBOS_PACKAGE, 'Cerbos, HTTP'],
]);
const INSTALLED = [...PEERS].filter(([name]) => peerFile(name) !== undefined);
const OWN = ['interlock, source', 'interlock, closures', 'interlock, source, question built'];

test('decide measures every engine in every cell, and says what is absent', { timeout: PATIENCE_MS }, () => {
  const { rows, err } = quickRows('decide');
  const engines = ['if/else', ...OWN, 'cedar-wasm', 'cedar-wasm, lean', ...INSTALLED.map(([, engine]) => engine)];
  const expected = engines.flatMap((engine) => cellsOf([10, 100]).map((cell) => contenderName(engine, cell)));
  const measured = rows.filter(({ unit }) => unit === 'µs').map((row) => row.case);
  expect(measured.toSorted()).toEqual(expected.toSorted());
  expect(err).toContain(
    `${engines.length} engines give the same 16 decisions (8 allowed, 8 denied) in each of 16 cells`,
  );
  for (const [name] of PEERS) expect(err.includes(`${name} is not installed`)).toBe(peerFile(name) === undefined);
});

describe('the rules of the bench', () => {
  test.each([
    [10, true],
    [1_000, true],
    [10, false],
    [1_000, false],
  ])('are %i, and where they are scoped (%s) five match an action', (count, scoped) => {
    const { rules } = ruleSet(count, scoped);
    expect(new Set(rules.map(({ id }) => id)).size).toBe(count);
    const operation = 'tickets.kind1.update';
    const matching = rules.filter((rule) => rule.operation === undefined || rule.operation === operation);
    expect(matching.length).toBe(scoped ? 5 : count);
  });

  test('decide as the questions say, and each forbid and permit is what decides one of them', async () => {
    const questions = await questionsIn({ size: 'small', events: 10 });
    const answers = async (set: RuleSet): Promise<readonly boolean[]> => {
      const loaded = await ifElse.load(set);
      return Promise.all(questions.map((question) => loaded.ask(question)()));
    };
    const expected = questions.map(({ allowed }) => allowed);
    const whole = ruleSet(10, true);
    expect(await answers(whole)).toEqual(expected);
    for (const { id } of whole.rules) {
      const rules = whole.rules.filter((rule) => rule.id !== id);
      expect(await answers({ ...whole, rules }), id).not.toEqual(expected);
    }
  });
});

test('the summary takes the worst cell as well as the one in the middle', () => {
  const cells = cellsOf([10]);
  const medians = { 'cedar-wasm': 100, 'interlock, source': 1, 'if/else': 0.5 };
  const rows = Object.entries(medians).flatMap(([engine, median]) =>
    cells.map((cell, index): Row => {
      const slow = engine === 'interlock, source' && index === 0;
      const name = contenderName(engine, cell);
      return { bench: 'decide', case: name, unit: 'µs', median: slow ? 4 : median, p99: 9, n: 1 };
    }),
  );
  const summary = [...summaryRows(rows, { engines: Object.keys(medians), cells })];
  const of = (name: string) => summary.find((row) => row.case === name);
  expect(of('cedar-wasm ÷ interlock, source, scoped cells')).toMatchObject({ median: 100, p99: 25, n: 4 });
  expect(of('cedar-wasm ÷ interlock, source, unscoped cells')).toMatchObject({ median: 100, p99: 100 });
  expect(of('interlock, source ÷ if/else, all cells')).toMatchObject({ median: 2, p99: 8, n: 8 });
});

test('the engines to compare with are locked, without a registry and without install scripts', () => {
  const folder = join(import.meta.dirname, '..', '..', 'bench', 'peers');
  const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  const fetched = Object.entries<Record<string, unknown>>(packages).filter(([path]) => path !== '');
  expect(fetched.length).toBeGreaterThan(3);
  for (const [path, { integrity, resolved, hasInstallScript }] of fetched) {
    expect(integrity, path).toEqual(expect.any(String));
    expect([resolved, hasInstallScript], path).toEqual([undefined, undefined]);
  }
});
