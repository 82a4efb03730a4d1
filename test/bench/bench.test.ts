import { describe, expect, test } from 'vitest';
import { hasCerbos } from '../../bench/cerbos-server.ts';
import { OPERATIONS, REFERENCE_INPUT, REFERENCE_OPERATION } from '../../bench/gate/reference-connector.ts';
import { MATCHING_POLICIES, POLICY_COUNT, REFERENCE_POLICIES } from '../../bench/gate/reference-policies.ts';
import type { Json } from '../../src/lib/json.ts';
import { hasRedis } from '../support/redis-server.ts';
import { bench, PATIENCE_MS, quickRows } from './quick-rows.ts';

const MODES = ['decide', 'run'];
const IN_PROCESS = ['log in memory', 'not synced', 'durable'];
const HTTP = ['not synced', 'durable'];
const COMMITS = ['one bare group commit', 'two bare group commits'];
const STAGES = [
  ...[
    'check the form of the call',
    'normalise the call',
    'build the policy request',
    'evaluate the policies',
    'decide on the evaluation',
  ],
  ...[
    'chain the decision',
    'copy the decision',
    'fold the decision',
    'execute and read the result',
    'chain the outcome',
  ],
  ...['fold the outcome', 'render the answer', ...IN_PROCESS.map((log) => `append the decision, ${log}`)],
];

function product(...parts: readonly (readonly string[])[]): string[] {
  return parts.reduce<string[]>((made, part) => made.flatMap((left) => part.map((right) => left + right)), ['']);
}

/** What is measured alone and together; together also as a throughput. */
const LEVELS = [', 1 at once', ', 64 at once', ', 64 at once, throughput'];

const EXPECTED = [
  ...product(MODES, [', in process, '], IN_PROCESS, [', 10 events'], LEVELS),
  ...product(MODES, [', in process, '], IN_PROCESS, [', 500 events, 1 at once']),
  ...product(MODES, [', over HTTP, '], HTTP, [', 10 events'], LEVELS),
  ...product(['bare echo', ...COMMITS.map((commits) => `bare echo with ${commits}`), ...COMMITS], LEVELS),
  ...STAGES.map((stage) => `stage: ${stage}`),
  'zod + cedar-wasm + RFC 8785 + SHA-256 + pino',
  ...(hasCerbos() ? product(['Cerbos over HTTP'], LEVELS) : []),
];

describe('npm run bench', { timeout: PATIENCE_MS }, () => {
  test('gate gives every row, each once, and relates it to a peer of the same run', () => {
    const { rows, err } = quickRows('gate');
    const measured = rows.filter(({ unit }) => unit !== 'times').map((each) => each.case);
    expect(measured.toSorted()).toEqual(EXPECTED.toSorted());
    expect(rows.length - measured.length).toBe(hasCerbos() ? 7 : 5);
    expect(err.includes('@cerbos/cerbos-linux-x64 is not installed')).toBe(!hasCerbos());
    // What is durable and what comes over HTTP is never shown without its floor.
    const bare = rows.filter(({ case: name, peer }) => /^(decide|run), .*(durable|over HTTP)/.test(name) && !peer);
    expect(bare).toEqual([]);
  });

  test('stages gives every stage of a decision, and their sum beside the whole', () => {
    const { rows } = quickRows('stages');
    const wholes = rows.filter(({ case: name }) => name.startsWith('decide, '));
    expect(wholes.map(({ peer }) => peer)).toEqual(Array(3).fill('sum of the stages of a decide'));
  });

  test('append gives its rows beside the floor', () => {
    const { rows } = quickRows('append');
    expect(rows.length).toBe(16);
    expect(rows.filter(({ peer }) => peer !== undefined).length).toBe(8);
  });

  test('cold starts with kept policies and without beside a bare process, and shows the share of the workflow', () => {
    const { rows } = quickRows('cold');
    expect(rows.map(({ unit, peer }) => [unit, peer])).toEqual([
      ['ms', undefined],
      ['ms', rows[0]?.case],
      ['ms', rows[0]?.case],
      ['ms', rows[1]?.case],
    ]);
    expect(rows[3]?.median).toBeLessThan(rows[1]?.median ?? 0);
  });

  test('dormant shows what sleeping costs, how each way of waking begins, and a burst', () => {
    const { rows } = quickRows('dormant');
    const begins = [
      'disk, each of 200',
      'disk, snapshot',
      'memory, each of 200',
      'processor, an idle',
      '20 actions in a second',
    ];
    for (const name of begins)
      expect(
        rows.some((each) => each.case.startsWith(name)),
        name,
      ).toBe(true);
    const hydrations = rows.filter((each) => each.case.endsWith('of it, hydration'));
    expect(hydrations).toHaveLength(3);
    expect(hydrations.map(({ peer }) => peer)).toEqual(
      rows.filter(({ peer }) => peer?.startsWith('a bare')).map((each) => each.case),
    );
  });

  test('view shows decisions, folds and memory at every length', () => {
    const { rows } = quickRows('view');
    const lengths = [10, 100];
    const names = ['decide', 'parse and fold one event', 'load and first decide', 'held by the view'];
    expect(rows.map((each) => each.case)).toEqual([
      ...names.flatMap((name) => lengths.map((length) => `${name}, ${length} events`)),
      'decide, 100 events ÷ 10 (aim: at most 1.5)',
    ]);
  });

  test('load shows decisions beside bare appends by the same clock, and the rate of both', () => {
    const { rows } = quickRows('load');
    const cells = hasRedis ? 4 : 2;
    const cases = rows.map((row) => row.case);
    expect(new Set(cases).size).toBe(cases.length);
    const beside = rows.filter(({ peer }) => peer !== undefined);
    expect(beside.length).toBe(cells);
    for (const { peer } of beside) expect(cases).toContain(peer);
    expect(rows.filter(({ unit }) => unit === 'per second').length).toBe(2 * cells);
  });

  test('without a name it lists what there is, and refuses a name that there is not', () => {
    const listed = bench();
    expect(listed).toMatchObject({ status: 0, err: '' });
    expect(listed.out).toMatch(/decide.*\n.*gate.*\n(.*\n)*.*append/);
    expect(bench('constructor')).toMatchObject({ status: 64, out: '' });
  });
});

describe('the reference action', () => {
  test('has about 1 KB of nested input with more than 20 fields', () => {
    const leaves = (value: Json): number =>
      typeof value === 'object' && value !== null
        ? Object.values(value).reduce<number>((sum, item) => sum + leaves(item ?? null), 0)
        : 1;
    expect(leaves(REFERENCE_INPUT)).toBeGreaterThan(20);
    const sizeBytes = Buffer.byteLength(JSON.stringify(REFERENCE_INPUT));
    expect(sizeBytes).toBeGreaterThan(900);
    expect(sizeBytes).toBeLessThan(1_200);
  });

  test('meets 100 policies, of which five match it', () => {
    const scopes = [...REFERENCE_POLICIES.matchAll(/(?:permit|forbid) \(principal, action == Action::"([^"]+)"/g)];
    expect(scopes.length).toBe(100);
    expect(POLICY_COUNT).toBe(100);
    expect(scopes.filter(([, operation]) => operation === REFERENCE_OPERATION).length).toBe(MATCHING_POLICIES);
    expect(OPERATIONS).toContain(REFERENCE_OPERATION);
  });
});
