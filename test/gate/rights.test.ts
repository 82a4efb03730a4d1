import { describe, expect, test } from 'vitest';
import type { Caller, Interlock, Operator } from '../../src/gate/interlock.ts';
import type { ErrorCode, InterlockError } from '../../src/lib/errors.ts';
import { OPENER, operator, PERMIT_ALL, testGateway } from '../support/test-gateway.ts';

const GROUPS = ['security'];
const ALL = ['open', 'act', 'approve', 'administer'] as const;

const OPERATORS = {
  opener: OPENER,
  actor: operator('otto', ['act'], GROUPS),
  approver: operator('grace', ['approve'], GROUPS),
  administrator: operator('root', ['administer'], GROUPS),
  nobody: operator('nobody', [], GROUPS),
  /** All rights, in another tenant. */
  foreigner: { ...operator('mallory', ALL, GROUPS), tenant: 'evil' },
} satisfies Record<string, Operator>;

/** `agent`: the one whose actions are asked for; `sibling`: another of its workflow; `stranger`: one of another workflow. */
const AGENTS = ['agent', 'sibling', 'stranger'] as const;
type Who = keyof typeof OPERATORS | (typeof AGENTS)[number];
const EVERYBODY: readonly Who[] = [...(Object.keys(OPERATORS) as (keyof typeof OPERATORS)[]), ...AGENTS];

interface Place {
  readonly workflow: string;
  readonly session: string;
  readonly action: string;
  readonly permit: string;
  readonly approval: string;
}

interface Rule {
  readonly method: string;
  readonly call: (interlock: Interlock, caller: Caller, place: Place) => unknown;
  readonly allowed: readonly Who[];
  /** Those for whom the thing does not exist; everybody else lacks a right. */
  readonly blind?: readonly Who[];
  readonly otherwise?: Readonly<Partial<Record<Who, ErrorCode>>>;
}

const WRITE = { operation: 'notes.note.write', input: { id: 'n1', text: 'x' } };

const RULES: readonly Rule[] = [
  {
    method: 'open',
    call: (interlock, caller) => interlock.open(caller, { onBehalfOf: { id: 'ada' } }),
    allowed: ['opener', 'foreigner'],
  },
  {
    method: 'openSession',
    call: (interlock, caller, { workflow }) => interlock.openSession(caller, workflow, { agent: 'new' }),
    allowed: ['opener'],
    blind: ['foreigner'],
  },
  {
    method: 'revokeSession',
    call: (interlock, caller, { workflow, session }) => interlock.revokeSession(caller, workflow, session, 'test'),
    allowed: ['opener', 'administrator'],
    blind: ['foreigner'],
  },
  {
    method: 'message',
    call: (interlock, caller, { workflow, session }) =>
      interlock.message(caller, workflow, { to: session, kind: 'message' }),
    allowed: ['agent', 'sibling'],
    blind: ['stranger'],
  },
  {
    method: 'erase',
    // Whoever may ask hears that a permit of the workflow is still out.
    call: (interlock, caller, { workflow }) =>
      interlock.erase(caller, workflow, { reason: 'test' }).catch((thrown: InterlockError) => {
        if (thrown.code !== 'WORKFLOW_OPEN') throw thrown;
      }),
    allowed: ['administrator'],
    blind: ['foreigner'],
  },
  {
    method: 'freeze',
    call: (interlock, caller, { workflow }) => interlock.freeze(caller, workflow, false, 'test'),
    allowed: ['administrator'],
    blind: ['foreigner'],
  },
  { method: 'run', call: (interlock, caller) => interlock.run(caller, WRITE), allowed: AGENTS },
  { method: 'decide', call: (interlock, caller) => interlock.decide(caller, WRITE), allowed: AGENTS },
  {
    method: 'settle',
    call: (interlock, caller, { permit, workflow }) =>
      interlock.settle(caller, permit, { status: 'unknown' }, caller.kind === 'agent' ? undefined : workflow),
    allowed: ['agent', 'actor'],
    blind: ['sibling', 'stranger', 'foreigner'],
  },
  {
    method: 'action',
    call: (interlock, caller, { action }) => interlock.action(caller, action),
    allowed: ['agent'],
    blind: ['sibling', 'stranger'],
    otherwise: { administrator: 'INVALID_CALL', foreigner: 'INVALID_CALL' },
  },
  {
    method: 'explain',
    call: (interlock, caller, { action, workflow }) => interlock.explain(caller, action, workflow),
    allowed: ['agent', 'administrator'],
    blind: ['sibling', 'stranger', 'foreigner'],
  },
  {
    method: 'approvals',
    call: (interlock, caller) => interlock.approvals(caller),
    allowed: ['approver', 'administrator', 'foreigner'],
  },
  {
    method: 'answerApproval',
    call: (interlock, caller, { approval }) =>
      interlock.answerApproval(caller, approval, { answer: 'deny', reason: 'test' }),
    allowed: ['approver'],
    blind: ['foreigner'],
  },
  {
    method: 'workflows',
    call: (interlock, caller) => interlock.workflows(caller),
    allowed: ['opener', 'approver', 'administrator', 'foreigner'],
  },
  {
    method: 'workflow',
    call: (interlock, caller, { workflow }) => interlock.workflow(caller, workflow),
    allowed: ['opener', 'approver', 'administrator', 'agent', 'sibling'],
    blind: ['stranger', 'foreigner'],
  },
  {
    method: 'graph',
    call: (interlock, caller, { workflow }) => interlock.graph(caller, workflow),
    allowed: ['opener', 'approver', 'administrator', 'agent', 'sibling'],
    blind: ['stranger', 'foreigner'],
  },
  {
    method: 'endorse',
    call: (interlock, caller, { workflow, session }) =>
      interlock.endorse(caller, workflow, { session, label: 'hr', reason: 'test' }),
    allowed: ['administrator'],
    blind: ['foreigner'],
  },
  {
    method: 'setFreeze',
    call: (interlock, caller) =>
      interlock.setFreeze(caller, { scope: { kind: 'agent', id: 'x' }, frozen: true, reason: 'test' }),
    allowed: ['administrator', 'foreigner'],
  },
  {
    method: 'freezes',
    call: (interlock, caller) => interlock.freezes(caller),
    allowed: ['administrator', 'foreigner'],
  },
  {
    method: 'quarantine',
    call: (interlock, caller, { workflow, session }) =>
      interlock.quarantine(caller, workflow, { session, reason: 'test' }),
    allowed: ['administrator'],
    blind: ['foreigner'],
  },
  {
    method: 'release',
    call: async (interlock, caller, { workflow, session }) => {
      if (caller.kind === 'operator' && caller.id === OPERATORS.administrator.id)
        await interlock.quarantine(caller, workflow, { session, reason: 'test' });
      return interlock.release(caller, workflow, { session, reason: 'test' });
    },
    allowed: ['administrator'],
    blind: ['foreigner'],
  },
  {
    method: 'undo',
    call: (interlock, caller, { workflow }) => interlock.undo(caller, workflow),
    allowed: ['administrator'],
    blind: ['foreigner'],
  },
  { method: 'operations', call: (interlock, caller) => interlock.operations(caller), allowed: EVERYBODY },
  {
    method: 'watch',
    call: (interlock, caller) => interlock.watch(caller, () => undefined)(),
    allowed: ['administrator', 'foreigner'],
  },
];

const POLICIES = `${PERMIT_ALL}
@id("ask") @title("Sending needs a yes from security.") @unless("approval(security, within: 10m)")
forbid(principal, action == Action::"notes.note.send", resource);`;

async function arrange(): Promise<{ interlock: Interlock; callers: Readonly<Record<Who, Caller>>; place: Place }> {
  const gateway = await testGateway({ policies: POLICIES });
  const { interlock } = gateway;
  const { workflow, session, caller: agent, run } = await gateway.agent();
  const opened = await interlock.openSession(OPENER, workflow, { agent: 'sibling' });
  const held = await run({ operation: 'notes.note.send', input: { id: 'n1', to: 'x@example.com' } });
  const { id: permit } = await interlock.decide(agent, WRITE);
  const place = { workflow, session, action: held.id, permit, approval: held.approval?.ids[0] ?? '' };
  const sibling = await interlock.authenticate(opened.token);
  const { caller: stranger } = await gateway.agent();
  return { interlock, callers: { ...OPERATORS, agent, sibling, stranger }, place };
}

function expected(rule: Rule, who: Who): ErrorCode | undefined {
  if (rule.allowed.includes(who)) return undefined;
  return rule.blind?.includes(who) === true ? 'NOT_FOUND' : (rule.otherwise?.[who] ?? 'FORBIDDEN');
}

describe.each(RULES)('$method', (rule) => {
  test.each(rule.allowed)('is for %s', async (who) => {
    const { interlock, callers, place } = await arrange();
    await rule.call(interlock, callers[who], place);
  });

  test('is refused to everybody else with a code of its own kind, and nothing changes', async () => {
    const { interlock, callers, place } = await arrange();
    const versions = async () => (await interlock.workflows(OPENER)).map(({ id, version }) => [id, version]);
    const before = await versions();
    const codes = EVERYBODY.map(async (who) => {
      if (rule.allowed.includes(who)) return [who, undefined];
      const refused = (async () => rule.call(interlock, callers[who], place))();
      return [
        who,
        await refused.then(
          () => 'nothing',
          (thrown: InterlockError) => thrown.code,
        ),
      ];
    });
    expect(await Promise.all(codes)).toEqual(EVERYBODY.map((who) => [who, expected(rule, who)]));
    expect(await versions()).toEqual(before);
  });
});

test('what another tenant lists is its own, which is nothing', async () => {
  const { interlock } = await arrange();
  expect(await interlock.workflows(OPERATORS.foreigner)).toEqual([]);
  expect(await interlock.approvals(OPERATORS.foreigner, { all: true })).toEqual([]);
});

test('every method that takes a caller has a rule', async () => {
  const { interlock } = await arrange();
  const free = ['authenticate', 'ready', 'metrics', 'close'];
  expect(RULES.map(({ method }) => method).sort()).toEqual(
    Object.keys(interlock)
      .filter((name) => !free.includes(name))
      .sort(),
  );
});

test('a workflow is revoked from only by its own opener, not by anybody with the right to open', async () => {
  const { interlock, place } = await arrange();
  const other = operator('other-opener', ['open']);
  const revoke = interlock.revokeSession(other, place.workflow, place.session, 'test');
  await expect(revoke).rejects.toMatchObject({ code: 'FORBIDDEN' });
});
