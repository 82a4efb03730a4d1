import { writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { BOUNDS } from '../../src/lib/bounds.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { checkInWorker } from '../../src/policy/cedar-wasm/check-in-worker.ts';
import { generateSchema } from '../../src/policy/generate-schema.ts';
import type { PolicyProblem } from '../../src/policy/split-policies.ts';
import { createMemoryLog } from '../../src/workflow/memory-log.ts';
import { testClock } from '../support/test-clock.ts';
import { PERMIT_ALL, type TestGateway, testGateway } from '../support/test-gateway.ts';
import { catalog } from './catalog.ts';
import { file } from './question.ts';

const READ = { operation: 'notes.note.read', input: { id: 'n1' } };
const policy = (condition: string, id = 'p'): string =>
  `@id("${id}") @title("A title.") forbid(principal, action, resource) when { ${condition} };\n`;
const times = (count: number, text: string | ((at: number) => string)): string =>
  Array.from({ length: count }, (_, at) => (typeof text === 'string' ? text : text(at))).join('');
const nested = (depth: number, open: string, inner: string, close: string): string =>
  `${open.repeat(depth)}${inner}${close.repeat(depth)}`;
/** Text in as many files as it takes for none to be too large by itself. */
const inFiles = (text: string): readonly string[] => {
  const files: string[] = [];
  for (const line of text.split(/(?<=\n)/)) {
    const last = files.at(-1);
    if (last === undefined || last.length + line.length > BOUNDS.policyFileCharacters) files.push(line);
    else files[files.length - 1] = last + line;
  }
  return files;
};

async function replacePolicies({ directory }: TestGateway, files: readonly string[]): Promise<void> {
  const folder = join(directory, 'policies.cedar');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  for (const [at, text] of files.entries()) writeFileSync(join(folder, `${at}.cedar`), text);
}

/** Reloads, and acts as often as there is time for meanwhile. */
async function reloadWhileActing(gateway: TestGateway) {
  let { run } = await gateway.agent();
  const state = { loading: true };
  const reloading = gateway
    .reloadPolicies('root')
    .catch((thrown: unknown) => (thrown instanceof InterlockError ? thrown : Promise.reject(thrown)))
    .finally(() => {
      state.loading = false;
    });
  const decisions: string[] = [];
  while (state.loading) {
    decisions.push((await run(READ)).decision);
    // No workflow is to become full of them.
    if (decisions.length % 1_000 === 0) ({ run } = await gateway.agent());
    await setImmediate();
  }
  return { outcome: await reloading, decisions };
}

const REFUSED: readonly (readonly [string, readonly string[], string])[] = [
  ['ten megabytes in one file', [times(100_000, policy('context.hasMandate'))], 'the file has'],
  ['ten megabytes in many files', inFiles(times(110_000, (at) => policy('context.hasMandate', `p-${at}`))), 'more than 8000000 characters'],
  ['100,000 policies', inFiles(times(100_000, 'permit(principal, action, resource);\n')), 'more than 20000 policies'],
  ['400 parentheses inside each other', [policy(nested(400, '(', 'true', ')'))], 'nested deeper'],
  ['400 records inside each other', [policy(`${nested(400, '{a: ', '1', '}')} == {}`)], 'nested deeper'],
  ['400 sets inside each other', [policy(`${nested(400, '[', '1', ']')} == []`)], 'nested deeper'],
  ['5,000 alternatives', [policy(Array(5_000).fill('context.hasMandate').join(' || '))], 'more than 128 operators'],
  ['5,000 negations', [policy(`${'!'.repeat(5_000)}true`)], 'more than 128 operators'],
  ['5,000 conditions inside each other', [policy(`${times(5_000, 'if true then true else ')}true`)], 'more than 128 operators'],
  ['a title of 900,000 characters', [`@id("p") @title("${'x'.repeat(900_000)}") permit(principal, action, resource);`], '@title has 900000 characters'],
  ['an obligation of 900,000 characters', [`@id("p") @title("x") @unless("${times(60_000, 'delay(60s) and ')}delay(60s)") forbid(principal, action, resource);`], '@unless has 900010 characters'],
  ['an annotation with a name of 900,000 characters', [`@id("p") @title("x") @${'x'.repeat(900_000)}("x") permit(principal, action, resource);`], 'means nothing here'],
  ['an id of 900,000 characters', [`@id("${'x'.repeat(900_000)}") @title("x") permit(principal, action, resource);`], 'is not lower-case kebab-case'],
  ['20,000 policies that are all wrong', inFiles(times(20_000, (at) => policy('context.no', `p-${at}`))), 'not found'],
  ['a file that never ends a string', [`@id("p") @title("${'x'.repeat(900_000)}`], 'a string does not end'],
  ['nothing but brackets', ['('.repeat(900_000)], 'nested deeper'],
]; // biome-ignore format: cases as a table

describe('a hostile set is refused with place and remedy, while the gate goes on deciding', () => {
  test.for(REFUSED)('%s', async ([, files, problem]) => {
    const gateway = await testGateway({ log: createMemoryLog(), judgedShare: 0 });
    const { hash } = gateway.policySet();
    await replacePolicies(gateway, files);
    const { outcome, decisions } = await reloadWhileActing(gateway);
    expect(outcome).toMatchObject({ code: 'POLICY_INVALID' });
    const problems = (outcome as InterlockError).data['problems'] as readonly PolicyProblem[]; // as loadPolicySet documents
    expect(problems[0]).toMatchObject({ problem: expect.stringContaining(problem) });
    expect(problems[0]?.place).toMatch(/^policies(\.cedar\/0\.cedar:\d+)?$/);
    expect(problems.length).toBeLessThanOrEqual(BOUNDS.policyProblems + 1);
    for (const each of problems) {
      expect(each.remedy.length).toBeGreaterThan(10);
      expect(JSON.stringify(each).length).toBeLessThan(5_000);
    }
    expect(gateway.policySet().hash).toBe(hash);
    expect(decisions.length).toBeGreaterThan(0);
    expect(new Set(decisions)).toEqual(new Set(['allow']));
  });
});

describe('a large set is put in force, while the gate goes on deciding', () => {
  const stars = '*a'.repeat(2_000);
  const ACCEPTED: readonly (readonly [string, readonly string[]])[] = [
    ['20,000 policies', inFiles(times(19_999, (at) => policy(`context.effect.count == ${at + 2}`, `p-${at}`)) + PERMIT_ALL)],
    ['a set of 100,000 members', [policy(`[${times(100_000, (at) => `"${at}",`)}"x"].contains(context.effect.kind)`) + PERMIT_ALL]],
    ['a string of 900,000 characters', [policy(`context.effect.kind == "${'x'.repeat(900_000)}"`) + PERMIT_ALL]],
    ['a pattern that a backtracking matcher never ends', [policy(`context.effect.kind like "${stars}b"`) + PERMIT_ALL]],
    ['60 parentheses inside each other', [policy(nested(60, '(', 'context.effect.count == 5', ')')) + PERMIT_ALL]],
  ]; // biome-ignore format: cases as a table

  test.for(ACCEPTED)('%s', async ([, files]) => {
    const gateway = await testGateway({ log: createMemoryLog(), judgedShare: 0.001 });
    await replacePolicies(gateway, files);
    const { outcome, decisions } = await reloadWhileActing(gateway);
    expect(outcome instanceof InterlockError ? outcome.message : 'loaded').toBe('loaded');
    expect(decisions.length).toBeGreaterThan(1);
    expect(new Set(decisions)).toEqual(new Set(['allow']));
    const { run } = await gateway.agent();
    expect(await run(READ)).toMatchObject({ decision: 'allow', policySet: gateway.policySet().hash });
  });

  test('and a hostile text in an input is matched in no more than its length times the pattern', async () => {
    const condition = `context.input has text && context.input.text like "${stars}b"`;
    const policies = policy(condition).replace('action, ', 'action == Action::"notes.note.write", ') + PERMIT_ALL;
    const gateway = await testGateway({ policies, log: createMemoryLog() });
    const { run } = await gateway.agent();
    const write = (text: string) => run({ operation: 'notes.note.write', input: { id: 'n1', text } });
    expect(await write('a'.repeat(20_000))).toMatchObject({ decision: 'allow' });
    expect(await write(`${'a'.repeat(20_000)}b`)).toMatchObject({ decision: 'deny', reasons: [{ policy: 'p' }] });
  });
});

describe('a check', () => {
  const work = { schema: generateSchema(catalog).json, files: [file(PERMIT_ALL)] };

  test('that does not end is ended, and the set refused', async () => {
    const clock = testClock();
    const checking = checkInWorker(work, { clock, heapMegabytes: 512 });
    clock.advance(BOUNDS.policyCheckMs);
    await expect(checking).rejects.toMatchObject({
      code: 'POLICY_INVALID',
      message: expect.stringContaining('more than 120000 ms'),
    });
    expect(clock.timers).toBe(0);
  });

  test('that needs more memory than it may use is ended, and the set refused', async () => {
    const files = [file(times(20_000, (at) => policy(`context.effect.count == ${at}`, `p-${at}`)))];
    await expect(checkInWorker({ ...work, files }, { clock: systemClock, heapMegabytes: 8 })).rejects.toMatchObject({
      code: 'POLICY_INVALID',
      message: expect.stringContaining('memory'),
    });
  });
});
