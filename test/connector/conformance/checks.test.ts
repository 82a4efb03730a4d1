import { describe, expect, test } from 'vitest';
import { runCheck } from '../../../src/connector/conformance/run-check.ts';
import { openSubject } from '../../../src/connector/conformance/subject.ts';
import { ALL_CHECKS } from '../../../src/runtime/conformance/all-checks.ts';
import { checkConnector } from '../../../src/runtime/conformance/check-connector.ts';
import { FIXTURES, GOOD, MUTANTS, WITHOUT_SIMULATOR } from './mutants.ts';

const checkNamed = (name: string) => {
  const check = ALL_CHECKS.find((each) => each.name === name);
  if (check === undefined) throw new Error(`there is no check ${name}`);
  return check;
};

describe('a connector that keeps every promise', () => {
  test('passes every check, and is told what does not apply', async () => {
    const report = await checkConnector(await openSubject(GOOD));
    expect(report.checks.flatMap(({ reasons, status }) => (status === 'failed' ? reasons : []))).toEqual([]);
    expect(report).toMatchObject({ operations: 5, passed: ALL_CHECKS.length - 1, failed: 0, bypassed: 1 });
    expect(report.checks.find(({ status }) => status === 'bypassed')).toMatchObject({ check: 'enrichers' });
  });
});

describe('a connector that breaks one promise is found out', () => {
  test.each(MUTANTS)('$check: $breaks', async ({ check, options, finds }) => {
    const result = await runCheck(checkNamed(check), await openSubject(options));
    expect(result).toMatchObject({ status: 'failed' });
    expect(result.reasons.join('\n')).toMatch(finds);
  });

  test('every check has such a connector, but the one whose cases are beside this file', () => {
    const found = new Set(MUTANTS.map(({ check }) => check));
    expect(ALL_CHECKS.map(({ name }) => name).filter((name) => !found.has(name))).toEqual(['descriptor']);
  });
});

describe('a bypass', () => {
  test('takes its reason with it, and the check is not run', async () => {
    const bypass = { undo: 'Nothing of it can be taken back.' };
    const subject = await openSubject({ ...GOOD, fixtures: { ...FIXTURES, bypass } });
    expect(await runCheck(checkNamed('undo'), subject)).toMatchObject({ status: 'bypassed', reasons: [bypass.undo] });
  });

  test('of one sample is shown, and the others are run', async () => {
    const samples = FIXTURES.samples.map((sample, at) =>
      at === 2 ? { ...sample, bypass: { undo: 'For a reason.' } } : sample,
    );
    const subject = await openSubject({ ...GOOD, fixtures: { ...FIXTURES, samples } });
    const result = await runCheck(checkNamed('undo'), subject);
    expect(result).toMatchObject({ status: 'passed', cases: 3 });
    expect(result.notes).toContain('tracker.ticket.create bypassed: For a reason.');
  });

  test.each([
    [{ nothing: 'a reason that is long enough' }, /"nothing", which is none of/],
    [{ undo: 'because' }, /does not say why/],
  ])('%j is a failure', async (bypass, finds) => {
    const { checks, failed } = await checkConnector(await openSubject({ ...GOOD, fixtures: { ...FIXTURES, bypass } }));
    expect(failed).toBe(1);
    expect(checks[0]?.reasons.join()).toMatch(finds);
  });

  test('is asked for where a check needs a simulated system and there is none', async () => {
    const subject = await openSubject(WITHOUT_SIMULATOR);
    const result = await runCheck(checkNamed('samples'), subject);
    expect(result).toMatchObject({ status: 'failed' });
    expect(result.reasons.join()).toContain('bypass.samples');
    expect(await runCheck(checkNamed('evidence'), subject)).toMatchObject({ status: 'passed' });
  });
});
