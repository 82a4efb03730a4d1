import { describe, expect, test } from 'vitest';
import { parsePolicyCases } from '../../src/policy/policy-case.ts';
import { type CaseOutcome, reportCases, runPolicyCases, untestedPolicies } from '../../src/policy/run-policy-cases.ts';

const text = `
- name: A
  history: [{ operation: desk.ticket.get, labels: [hr] }]
  action: { operation: desk.ticket.get, input: { id: "1" } }
  expect: { decision: deny, policies: [stop, halt] }
  but:
    - { when: nothing was read, history: [], expect: { decision: allow } }
`;
const cases = parsePolicyCases('a.yaml', text);
const run = async (outcome: CaseOutcome) => (await runPolicyCases(cases.slice(0, 1), () => outcome))[0];

describe('a case', () => {
  test('and each of its siblings is one, with what differs', () => {
    expect(cases.map(({ name, history, action }) => [name, history.length, action.input])).toEqual([
      ['A', 1, { id: '1' }],
      ['A, but nothing was read', 0, { id: '1' }],
    ]);
  });

  test.for<[string, CaseOutcome, string | undefined]>([
    ['passes with the same reasons in another order', { decision: 'deny', policies: ['halt', 'stop'] }, undefined],
    ['fails on another decision', { decision: 'step_up', policies: ['halt', 'stop'] }, 'got step_up'],
    ['fails on a missing reason', { decision: 'deny', policies: ['stop'] }, 'got deny because of stop'],
    ['fails on a further reason', { decision: 'deny', policies: ['stop', 'halt', 'other'] }, 'other'],
  ])('%s', async ([, outcome, failure]) => {
    const result = await run(outcome);
    expect(result?.passed).toBe(failure === undefined);
    expect(result?.failure ?? '').toContain(failure ?? '');
  });

  test('that cannot be decided has failed', async () => {
    const results = await runPolicyCases(cases, () => Promise.reject(new Error('no')));
    expect(results.map(({ passed }) => passed)).toEqual([false, false]);
    expect(reportCases(results)).toContain('0 of 2 cases passed');
    expect(untestedPolicies(['stop'], results)).toEqual(['stop']);
  });

  test.for([
    ['- { name: A, action: { operation: desk.ticket.get }, expect: { decision: perhaps } }', 'decision'],
    ['- { name: A, action: { operation: desk }, expect: { decision: deny } }', 'system.noun.verb'],
    ['- { name: A, name: B }', 'unique'],
    ['- { name: A, acton: {} }', 'acton'],
    ['- &a [*a, *a]', ''],
    ['{', ''],
  ] as const)('that is not one is refused: %s', ([wrong, message]) => {
    expect(() => parsePolicyCases('b.yaml', wrong)).toThrowError(
      expect.objectContaining({ code: 'POLICY_INVALID', message: expect.stringContaining(message) }),
    );
  });
});
