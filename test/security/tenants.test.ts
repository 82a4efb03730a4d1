import { describe, expect, test } from 'vitest';
import type { LiveEvent } from '../../src/gate/answers.ts';
import type { Interlock, Operator } from '../../src/gate/interlock.ts';
import { createMemoryLog } from '../../src/workflow/memory-log.ts';
import { operator, PERMIT_ALL, testGateway } from '../support/test-gateway.ts';

const POLICIES = `${PERMIT_ALL}
@id("ask") @title("Asks.") @unless("approval(security)") forbid(principal, action == Action::"notes.note.send", resource);`;
const ALL = operator('root', ['open', 'act', 'approve', 'administer'], ['security']);
const OTHER: Operator = { ...ALL, tenant: 'other' };
const SEND = { id: 'same', operation: 'notes.note.send', input: { id: 'n1', to: 'x@example.com' } };
const YES = { answer: 'approve', reason: '' } as const;

/** Both tenants do the same under the same names. */
async function twins() {
  const log = createMemoryLog();
  const gateway = await testGateway({ policies: POLICIES, log });
  const live: LiveEvent[] = [];
  gateway.interlock.watch(OTHER, (event) => live.push(event));
  const acme = await populate(gateway.interlock, ALL);
  const seenOfAcme = [...live];
  const other = await populate(gateway.interlock, OTHER);
  return { ...gateway, log, acme, other, live, seenOfAcme };
}

async function populate(interlock: Interlock, by: Operator) {
  const opener = { ...by, id: 'opener' };
  const { id: workflow } = await interlock.open(opener, { onBehalfOf: { id: 'ada' }, mandate: `of ${by.tenant}` });
  const { token, session } = await interlock.openSession(opener, workflow, { agent: 'helper' });
  const caller = await interlock.authenticate(token);
  const held = await interlock.run(caller, SEND);
  return { workflow, session, token, caller, approval: held.approval?.ids[0] ?? '' };
}

describe('a tenant', () => {
  test('neither sees nor touches anything of another, in whatever way it names it', async () => {
    const { interlock, log, acme, other, system } = await twins();
    const before = JSON.stringify(await log.read({ tenant: 'acme', workflow: acme.workflow }));
    const { workflow, session, approval } = acme;
    const tries: readonly Promise<unknown>[] = [
      interlock.workflow(OTHER, workflow),
      interlock.graph(OTHER, workflow),
      interlock.undo(OTHER, workflow),
      interlock.freeze(OTHER, workflow, true, ''),
      interlock.revokeSession(OTHER, workflow, session, ''),
      interlock.endorse(OTHER, workflow, { session, label: 'hr', reason: 'x' }),
      interlock.openSession(OTHER, workflow, { agent: 'spy' }),
      interlock.open(OTHER, { onBehalfOf: { id: 'ada' }, continues: workflow }),
      interlock.explain(OTHER, SEND.id, workflow),
      interlock.answerApproval(OTHER, approval, YES),
      interlock.answerApproval(OTHER, `acme/${approval}`, YES),
      interlock.workflow(other.caller, workflow),
      interlock.message(other.caller, workflow, { to: session, kind: 'message' }),
      interlock.message(other.caller, other.workflow, { to: session, kind: 'message' }),
      interlock.explain(other.caller, SEND.id, workflow),
    ];
    for (const [at, one] of tries.entries())
      await expect(one, `try ${at}`).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(JSON.stringify(await log.read({ tenant: 'acme', workflow }))).toBe(before);
    expect(system.effects).toEqual([]);
  });

  test('has lists, streams and action ids of its own', async () => {
    const { interlock, acme, other, live, seenOfAcme, system } = await twins();
    expect((await interlock.workflows(OTHER)).map(({ id, tenant }) => [id, tenant])).toEqual([
      [other.workflow, 'other'],
    ]);
    expect((await interlock.approvals(OTHER, { all: true })).map(({ id }) => id)).toEqual([other.approval]);
    expect(seenOfAcme).toEqual([]);
    expect(new Set(live.map(({ tenant }) => tenant))).toEqual(new Set(['other']));
    await interlock.answerApproval(ALL, acme.approval, YES);
    expect(await interlock.action(acme.caller, SEND.id, 5_000)).toMatchObject({ outcome: { status: 'succeeded' } });
    expect(await interlock.action(other.caller, SEND.id)).toMatchObject({ state: 'held' });
    expect(system.effects).toHaveLength(1);
    expect(JSON.stringify(interlock.metrics())).not.toContain('acme');
  });

  test('cannot be reached by a token that names it: only the issued one counts', async () => {
    const { interlock, acme, other } = await twins();
    const part = (text: string) => Buffer.from(text).toString('base64url');
    const [, , , secret = ''] = other.token.slice('ils_'.length).split('.');
    const forged = [
      `ils_${part('acme')}.${part(acme.workflow)}.${part(acme.session)}.${secret}`,
      `ils_${part('acme')}.${part(acme.workflow)}.${part(acme.session)}.`,
      `ils_${part('~system')}.${part('policies')}.${part('x')}.${secret}`,
      other.token.replace(part('other'), part('acme')),
      `${other.token}=`,
      ` ${other.token}`,
      `${other.token.slice(0, -1)}`,
    ];
    for (const token of forged)
      await expect(interlock.authenticate(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});
