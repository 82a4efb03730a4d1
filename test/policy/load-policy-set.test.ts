import { describe, expect, test } from 'vitest';
import { InterlockError } from '../../src/lib/errors.ts';
import { loadPolicySet } from '../../src/policy/load-policy-set.ts';
import type { PolicyProblem } from '../../src/policy/split-policies.ts';
import { catalog } from './catalog.ts';
import { file, PERMIT_ALL, question } from './question.ts';

const load = (text: string) => loadPolicySet({ files: [file(text)], catalog });

async function problemsOf(text: string): Promise<readonly PolicyProblem[]> {
  try {
    await load(text);
  } catch (thrown) {
    if (!(thrown instanceof InterlockError) || thrown.code !== 'POLICY_INVALID') throw thrown;
    return thrown.data['problems'] as readonly PolicyProblem[]; // as loadPolicySet documents
  }
  return [];
}

const named = (rest: string, id = 'p') => `@id("${id}")\n@title("A title.")\n${rest}`;
const forbidWhen = (condition: string) => named(`forbid(principal, action, resource)\nwhen { ${condition} };`);

describe('a set that does not load says why and where', () => {
  test.for([
    [
      'a misspelt operation',
      named('forbid(principal, action == Action::"desk.ticket.gett", resource);'),
      3,
      'unrecognized action',
      'desk.ticket.get',
    ],
    [
      'a misspelt field',
      named(
        'forbid(principal, action == Action::"desk.ticket.update", resource)\nwhen { context.input has priority &&\n context.input.prority > 3 };',
      ),
      5,
      'prority',
      'priority',
    ],
    ['a misspelt field behind has', forbidWhen('context.input has prority'), 1, 'impossible', 'Check each name'],
    ['a misspelt label', named('forbid(principal in Label::"hrr", action, resource);'), 3, 'hrr', '"hr"'],
    ['a misspelt system', named('forbid(principal, action, resource in System::"dusk");'), 3, 'dusk', '"desk"'],
    [
      'a misspelt resource type',
      named('forbid(principal, action, resource is Desk::Tickets);'),
      3,
      'Desk::Tickets',
      'Desk::Ticket',
    ],
    [
      'a misspelt operation in a set',
      forbidWhen('context.workflow.did.contains(Action::"desk.ticket.delet")'),
      4,
      'delet',
      'desk.ticket.delete',
    ],
    ['a wrong type', forbidWhen('context.effect.count == "1"'), 4, 'not compatible', 'both operands'],
    [
      'a syntax error after multi-byte text',
      named('forbid(principal, action, resource)\nwhen { context.effect.kind == "käse→" &&& true };'),
      4,
      'invalid token',
      '',
    ],
    ['a missing semicolon', named('permit(principal, action, resource)'), 3, 'unexpected end', ''],
    ['a missing @id', '@title("x") permit(principal, action, resource);', 1, 'no @id', ''],
    ['a missing @title', '@id("x") permit(principal, action, resource);', 1, 'no @title', ''],
    [
      'an id twice',
      `${named(PERMIT_ALL.replace(/^.*permit/, 'permit'))}\n${named('permit(principal, action, resource);')}`,
      4,
      'already taken at test.cedar:1',
      '',
    ],
    [
      'an unknown annotation',
      named('@unles("approval(security)")\nforbid(principal, action, resource);'),
      1,
      '@unles means nothing',
      '@unless',
    ],
    [
      '@unless on a permit',
      named('@unless("approval(security)")\npermit(principal, action, resource);'),
      1,
      'on a permit',
      '',
    ],
    [
      'an @unless that does not parse',
      named('@unless("approve(security)")\nforbid(principal, action, resource);'),
      1,
      'column 1',
      '',
    ],
    [
      'a path in @unless that no operation has',
      named('@unless("redact(result.snn)")\nforbid(principal, action in Action::"read", resource);'),
      1,
      'no operation in its scope has result.snn',
      'redact(result.snn)',
    ],
    [
      'a path in @unless that only an operation out of scope has',
      named('@unless("redact(input.body)")\nforbid(principal, action in Action::"desk", resource);'),
      1,
      'input.body',
      'redact(input.body)',
    ],
    ['a template', named('permit(principal == ?principal, action, resource);'), 3, 'template', ''],
    [
      'an integer beyond 64 bits',
      forbidWhen('context.effect.count > 9223372036854775808'),
      4,
      '9223372036854775808',
      '',
    ],
    ['400 parentheses', forbidWhen(`${'('.repeat(400)}true${')'.repeat(400)}`), 4, 'nested deeper', ''],
    [
      '400 alternatives',
      forbidWhen(Array(400).fill('context.hasMandate').join(' || ')),
      4,
      'more than 128 operators',
      '',
    ],
    ['a chain of 400 fields', forbidWhen(`context${'["a"]'.repeat(400)}`), 4, 'more than 128 operators', ''],
    [
      'a string without an end',
      named('permit(principal, action, resource) when { context.effect.kind == "read };'),
      3,
      'a string does not end',
      '',
    ],
    ['10 MB', ' '.repeat(10_000_000), 1, 'characters', 'Split'],
    ['20,001 policies', 'permit(principal, action, resource);'.repeat(20_001), 0, 'more than 20000 policies', ''],
  ] as const)('%s', { timeout: 20_000 }, async ([, text, line, problem, remedy]) => {
    const problems = await problemsOf(text);
    expect(problems).toContainEqual(
      expect.objectContaining({
        place: line === 0 ? 'policies' : `test.cedar:${line}`,
        problem: expect.stringContaining(problem),
        remedy: expect.stringContaining(remedy),
      }),
    );
  });

  test('every problem of every file at once', async () => {
    const text = [
      named('permit(principal, action in Action::"reed", resource);', 'a'),
      named('permit(principal, action, resource', 'b'),
    ].join('\n');
    expect((await problemsOf(`${text};`)).map(({ place }) => place)).toEqual(['test.cedar:3', 'test.cedar:6']);
  });
});

test('hostile sets are refused while the set in force goes on deciding', async () => {
  const inForce = await load(PERMIT_ALL);
  const hostile = [
    `context${'["a"]'.repeat(5_000)}`,
    `${'if true then true else '.repeat(5_000)}true`,
    `[1]${'.contains(1)'.repeat(5_000)}`,
  ];
  for (const condition of hostile) {
    const [problems, evaluation] = await Promise.all([
      problemsOf(forbidWhen(condition)),
      inForce.evaluator.evaluate(question('desk.ticket.get')),
    ]);
    expect(problems).not.toEqual([]);
    expect(evaluation.permits).toEqual(['permit-all']);
  }
  expect(inForce.evaluator.evaluate(question('desk.ticket.get')).permits).toEqual(['permit-all']);
});

describe('a set that loads', () => {
  test('may be empty, and then permits nothing', async () => {
    const set = await load('// nothing yet\n');
    expect(set.policies.size).toBe(0);
    expect(set.evaluator.evaluate(question('desk.ticket.get'))).toEqual({ permits: [], forbids: [], errors: [] });
  });

  test('describes each policy and where it stands', async () => {
    const set = await load(
      `\n@id("ask")\n@title("Ask first.")\n@severity("high")\n@unless("approval(security, within: 5m)")\nforbid(principal, action in Action::"write", resource);`,
    );
    expect([...set.policies.values()]).toEqual([
      {
        id: 'ask',
        effect: 'forbid',
        title: 'Ask first.',
        severity: 'high',
        unless: [{ kind: 'approval', group: 'security', withinMs: 300_000 }],
        place: 'test.cedar:2',
      },
    ]);
  });

  test('compares integers beyond 2^53 exactly', async () => {
    const more = (count: string, id: string) =>
      named(`permit(principal, action, resource) when { context.effect.count * 9007199254740993 == ${count} };`, id);
    const set = await load(more('9007199254740993', 'exact') + more('9007199254740992', 'rounded'));
    expect(set.evaluator.evaluate(question('desk.ticket.get')).permits).toEqual(['exact']);
  });

  test('may speak of groups without operations and of labels that no connector declares', async () => {
    const text = named(
      'forbid(principal in Label::"compensation", action in [Action::"isolate", Action::"model"], resource) when { context.effect.external };',
    );
    expect((await load(text)).policies.size).toBe(1);
  });

  test('has a hash that follows policies and catalog, and neither the order nor the names of files', async () => {
    const a = { name: 'a.cedar', text: named('permit(principal, action, resource);', 'a') };
    const b = { name: 'b.cedar', text: named('forbid(principal, action, resource);', 'b') };
    const { hash } = await loadPolicySet({ files: [a, b], catalog });
    expect((await loadPolicySet({ files: [b, { ...a, name: 'c.cedar' }], catalog })).hash).toBe(hash);
    expect((await loadPolicySet({ files: [a], catalog })).hash).not.toBe(hash);
    expect((await loadPolicySet({ files: [a, b], catalog: { ...catalog, labels: [] } })).hash).not.toBe(hash);
  });
});
