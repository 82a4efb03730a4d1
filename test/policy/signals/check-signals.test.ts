import { describe, expect, test } from 'vitest';
import { lintPolicies } from '../../../src/policy/lint-policies.ts';
import { loadPolicySet } from '../../../src/policy/load-policy-set.ts';
import { checkSignals } from '../../../src/policy/signals/check-signals.ts';
import { catalog } from '../catalog.ts';

const file = (text: string, name = 'a.signals.yaml') => ({ name, text });
const problemsOf = (text: string) =>
  checkSignals([file(text)], catalog).problems.map(({ place, problem, remedy }) => `${place} ${problem} | ${remedy}`);

/** One signal, each part on a line of its own from line 2 on. */
const signal = (...lines: readonly string[]) => `s:\n${lines.map((line) => `  ${line}\n`).join('')}`;

const REFUSED: readonly (readonly [string, string, RegExp])[] = [
  [
    'a misspelt operation',
    signal('title: x', 'kind: count', 'events: { operation: desk.ticket.updat }'),
    /^a\.signals\.yaml:4 s: there is no operation or group "desk\.ticket\.updat" \| Did you mean "desk\.ticket\.update"\?$/,
  ],
  [
    'a misspelt group in a list of patterns',
    signal('title: x', 'kind: count', 'events:', '  - { operation: desk.ticket.get }', '  - { operation: dsk }'),
    /^a\.signals\.yaml:6 s: there is no operation or group "dsk" \| Did you mean "desk"\?$/,
  ],
  [
    'a misspelt field of the earlier action',
    signal('title: x', 'kind: count', 'events: { operation: desk.ticket.update }', 'where: same input.priorty'),
    /^a\.signals\.yaml:5 s: no operation in question has the field "input\.priorty" \| Did you mean "input\.priority"\?$/,
  ],
  [
    'a field that no present action has',
    signal('title: x', 'kind: count', 'events: { operation: desk.ticket.get }', 'where: input.id == present input.idd'),
    /:5 s: no operation in question has the field "input\.idd" \| Did you mean "input\.id"\?$/,
  ],
  [
    'fields of different types',
    signal('title: x', 'kind: count', 'events: {}', 'where: input.priority == present input.note'),
    /:5 s: input\.priority and input\.note are never of the same type/,
  ],
  [
    'an approver of the present action',
    signal('title: x', 'kind: count', 'events: {}', 'where: user == present approver'),
    /the present action has no approver yet/,
  ],
  [
    'a correlation that says nothing',
    signal('title: x', 'kind: count', 'events: {}', 'where: user is user'),
    /:5 s: "user is user" does not correlate/,
  ],
  [
    'a correlation by what a named operation has not',
    signal(
      'title: x',
      'kind: count',
      'events: [{ operation: desk.ticket.update }, { operation: desk.ticket.get }]',
      'where: same input.note',
    ),
    /:5 s: desk\.ticket\.get has no such field, so it could never be found/,
  ],
  ['a sum of nothing', signal('title: x', 'kind: sum', 'events: {}'), /:3 s: sum needs `of`/],
  ['a sum of words', signal('title: x', 'kind: sum', 'of: input.id', 'events: {}'), /:4 s: input\.id is no integer/],
  [
    'a sum of lists',
    signal('title: x', 'kind: sum', 'of: input.to', 'events: { operation: mail.message.send }'),
    /input\.to is no integer/,
  ],
  [
    'a sum of different currencies',
    signal('title: x', 'kind: sum', 'of: effect.amount', 'events: {}'),
    /:4 s: amounts of different currencies have no sum/,
  ],
  [
    'what differs from operation to operation',
    signal('title: x', 'kind: last', 'of: resource', 'events: {}'),
    /:4 s: resource is of different types in different operations/,
  ],
  ['a since without an end', signal('title: x', 'kind: since', 'events: {}'), /:3 s: since needs `unless`/],
  ['parts of other kinds', signal('title: x', 'kind: count', 'events: {}', 'as: set'), /:5 s: count has no `as`/],
  [
    'a window that nothing fits into',
    signal('title: x', 'kind: count', 'events: {}', 'within: 1h', 'ago: 60m'),
    /:6 s: nothing is older than `ago` and younger than `within`/,
  ],
  [
    'an outcome of what was refused',
    signal('title: x', 'kind: count', 'events: { decision: denied, outcome: failed }'),
    /only what was allowed has an outcome/,
  ],
  [
    'a constant of another type',
    signal('title: x', 'kind: count', 'events: { operation: desk.ticket.update, input: { priority: high } }'),
    /:4 s: the field "priority" is never "high"/,
  ],
  [
    'a constant of a field that is not there',
    signal('title: x', 'kind: count', 'events: { operation: desk.ticket.update, input: { prio: 1 } }'),
    /no operation that it names has the input field "prio"/,
  ],
  ['a name that policies cannot say', 'in: { title: x, kind: count, events: {} }', /:1 in: policies cannot name it/],
  ['an unknown key', signal('title: x', 'kind: count', 'event: {}'), /did you mean "events"\?/],
  ['an unknown kind', signal('title: x', 'kind: number', 'events: {}'), /^a\.signals\.yaml:3 /],
  ['a duration of its own kind', signal('title: x', 'kind: count', 'events: {}', 'within: 1 hour'), /a duration is/],
  ['a key twice', signal('title: x', 'title: y', 'kind: count', 'events: {}'), /^a\.signals\.yaml:3 .*unique/],
  ['brackets without end', `s: ${'['.repeat(200_000)}`, /^a\.signals\.yaml:1 /],
  [
    'patterns without end',
    `s: { title: x, kind: count, events: ${'{ not: '.repeat(5_000)}{}${'}'.repeat(5_000)} }`,
    /^a\.signals\.yaml:1 /,
  ],
  ['aliases', 's: &a { title: x, kind: count, events: {} }\nt: *a', /./],
  [
    'a signal that is not there',
    signal('title: x', 'kind: count', 'events: { signal: { ss: true } }'),
    /there is no signal "ss" \| Did you mean "s"\?/,
  ],
  [
    'a signal that neither holds nor not',
    `${signal('title: x', 'kind: count', 'events: { signal: { t: true } }')}t: { title: x, kind: count, events: {} }`,
    /"t" neither holds nor not/,
  ],
  [
    'signals that rest on each other',
    `${signal('title: x', 'kind: never', 'events: { signal: { t: true } }')}t: { title: x, kind: never, events: { signal: { s: true } } }`,
    /"t" rests on it in turn/,
  ],
];

describe('a declaration', () => {
  test.each(REFUSED)('is refused for %s, with its place', (_, text, expected) => {
    expect(problemsOf(text)).toEqual(expect.arrayContaining([expect.stringMatching(expected)]));
  });

  test('may speak of groups that no operation is in', () => {
    const text =
      's: { title: x, kind: sum, of: effect.amount, events: { operation: spend }, where: same effect.currency }';
    const { problems, attributesOf } = checkSignals([file(text)], catalog);
    expect(problems).toEqual([]);
    expect(attributesOf('desk.ticket.get')).toEqual({ s: { type: 'Long', required: false } });
  });

  test('is refused where its name is taken, in whichever file', () => {
    const text = 's: { title: x, kind: count, events: {} }';
    const { problems } = checkSignals([file(text, 'a.signals.yaml'), file(text, 'b.signals.yml')], catalog);
    expect(problems).toMatchObject([
      { place: 'b.signals.yml:1', problem: 's: it is declared already at a.signals.yaml:1' },
    ]);
  });

  test('has the type that its kind and its field give it, optional where there may be nothing', () => {
    const { attributesOf, problems } = checkSignals(
      [
        file(`
count: { title: x, kind: count, events: {} }
noted: { title: x, kind: formerly, events: { operation: desk.ticket.update }, where: same input.note }
byTicket: { title: x, kind: never, events: { operation: desk.ticket.get }, where: same input.id }
lastNote: { title: x, kind: last, of: input.note, events: { operation: desk.ticket.update } }
lastAgent: { title: x, kind: last, of: agent, events: {} }
when: { title: x, kind: first, of: at, events: {} }
ticket: { title: x, kind: last, of: resource, events: { operation: desk } }
whom: { title: x, kind: distinct, as: set, of: input.to, events: { operation: mail.message.send } }
howMany: { title: x, kind: distinct, of: resource, events: {} }
`),
      ],
      catalog,
    );
    expect(problems).toEqual([]);
    const always = {
      count: { type: 'Long' },
      lastNote: { type: 'String', required: false },
      lastAgent: { type: 'Entity', name: 'AgentId', required: false },
      when: { type: 'Extension', name: 'datetime', required: false },
      ticket: { type: 'Entity', name: 'Desk::Ticket', required: false },
      whom: { type: 'Set', element: { type: 'String' } },
      howMany: { type: 'Long' },
    };
    const byTicket = { type: 'Boolean' };
    expect(attributesOf(undefined)).toEqual(always);
    expect(attributesOf('mail.message.send')).toEqual(always);
    expect(attributesOf('desk.ticket.get')).toEqual({ ...always, byTicket });
    const noted = { type: 'Boolean', required: false };
    expect(attributesOf('desk.ticket.update')).toEqual({ ...always, byTicket, noted });
  });
});

const PERMIT = '@id("p") @title("All.") permit(principal, action, resource);';
const policy = (condition: string, scope = 'action == Action::"mail.message.send"') =>
  file(`${PERMIT} @id("f") @title("No.") forbid(principal, ${scope}, resource) when { ${condition} };`, 'a.cedar');
const BY_TICKET = file(
  's: { title: x, kind: count, events: { operation: desk.ticket.get }, where: same input.id }\nt: { title: x, kind: count, events: {} }',
);

describe('a policy that reads a signal', () => {
  test('does not load where the signal is misspelt, of another type, or does not exist for the operation', async () => {
    const load = (condition: string, scope?: string) =>
      loadPolicySet({ files: [policy(condition, scope), BY_TICKET], catalog });
    await expect(load('context.signals.u > 3')).rejects.toThrow(/u/);
    await expect(load('context.signals.t == "three"')).rejects.toThrow();
    await expect(load('context.signals.s > 3')).rejects.toThrow(/s/);
    await expect(load('context.signals.s > 3', 'action')).rejects.toThrow(/s/);
    const set = await load('context.signals has s && context.signals.s > 3', 'action');
    expect([...(set.signals?.readBy.keys() ?? [])].sort()).toEqual([
      'desk.ticket.delete',
      'desk.ticket.get',
      'desk.ticket.update',
    ]);
  });

  test('makes decisions look up just what is read in scope', async () => {
    const set = await loadPolicySet({ files: [policy('context.signals.t > 3'), BY_TICKET], catalog });
    expect([...(set.signals?.declarations.values() ?? [])].map(({ name }) => name)).toEqual(['t']);
    expect([...(set.signals?.readBy.keys() ?? [])]).toEqual(['mail.message.send']);
    const none = await loadPolicySet({ files: [file(PERMIT, 'a.cedar'), BY_TICKET], catalog });
    expect(none.signals?.declarations.size).toBe(0);
  });
});

describe('a set', () => {
  test('is another one when a signal changes, and the same when only words or files do', async () => {
    const hashOf = async (signals: string, name?: string) =>
      (await loadPolicySet({ files: [file(PERMIT, 'a.cedar'), file(signals, name)], catalog })).hash;
    const one = await hashOf('t: { title: x, kind: count, events: {} }');
    expect(await hashOf('t: { title: y, kind: count, events: {} }', 'b.signals.yaml')).toBe(one);
    expect(await hashOf('t: { title: x, kind: count, within: 1h, events: {} }')).not.toBe(one);
    const bare = await loadPolicySet({ files: [file(PERMIT, 'a.cedar')], catalog });
    expect(await hashOf('')).toBe(bare.hash);
  });

  test('has the problems of its signals among those of its policies', async () => {
    const problems = await lintPolicies({
      files: [file(PERMIT, 'a.cedar'), file('s: { title: x, kind: count, events: { operation: nothing } }')],
      catalog,
    });
    expect(problems.map(({ place }) => place)).toContain('a.signals.yaml:1');
    await expect(
      loadPolicySet({ files: [file('s: { title: x, kind: count, events: { operation: nothing } }')], catalog }),
    ).rejects.toMatchObject({ code: 'POLICY_INVALID' });
  });
});
