import { describe, expect, it } from 'vitest';
import servicenow from '../../../connectors/servicenow/index.ts';
import { ids, SAMPLES } from '../../../connectors/servicenow/samples.ts';
import { openInstance, resultOf, standingClock } from './instance.ts';

const environment = { system: 'servicenow', clock: standingClock, baseDirectory: '.', log: () => undefined };
const settings = { origin: 'https://instance.example', username: 'u', password: 'p' };
const { operations } = await servicenow.connect(settings, environment);

const writes = SAMPLES.filter(({ effects }) => effects.length > 0);
const once = writes.filter(({ operation }) => {
  const definition = operations.find(({ name }) => name === operation);
  return definition?.kind === 'write' && definition.repeat.class === 'at-most-once';
});

/** Faults for whichever call of the operation changes something. */
const WRITES: readonly string[] = ['POST /api', 'PATCH /api', 'DELETE /api'];
/** Whether reading back can tell: by the mark, by the natural key, by absence, by the values. */
const SETTLED: Readonly<Record<string, { readonly applied: string; readonly not: string }>> = {
  'servicenow.incident.create': { applied: 'applied', not: 'not-applied' },
  'servicenow.incident.update': { applied: 'applied', not: 'undetermined' },
  'servicenow.incident.resolve': { applied: 'applied', not: 'undetermined' },
  'servicenow.incident.delete': { applied: 'applied', not: 'not-applied' },
  'servicenow.problem.create': { applied: 'applied', not: 'not-applied' },
  'servicenow.change.create': { applied: 'applied', not: 'not-applied' },
  'servicenow.change.create-emergency': { applied: 'applied', not: 'not-applied' },
  // The other approver has not answered yet, so the change shows nothing.
  'servicenow.change.approve': { applied: 'undetermined', not: 'undetermined' },
  'servicenow.role.grant': { applied: 'applied', not: 'not-applied' },
  'servicenow.role.revoke': { applied: 'applied', not: 'not-applied' },
  'servicenow.group.add-member': { applied: 'applied', not: 'not-applied' },
  'servicenow.group.remove-member': { applied: 'applied', not: 'not-applied' },
  'servicenow.approval.answer': { applied: 'applied', not: 'not-applied' },
  'servicenow.record.create': { applied: 'applied', not: 'not-applied' },
  'servicenow.record.update': { applied: 'applied', not: 'undetermined' },
  'servicenow.record.delete': { applied: 'applied', not: 'not-applied' },
};

describe('reading back', () => {
  it('is possible for every at-most-once operation but an order', () => {
    expect(once.map(({ operation }) => operation).filter((name) => !(name in SETTLED))).toEqual([
      'servicenow.catalog.order',
    ]);
  });

  const cases = once
    .filter(({ operation }) => operation in SETTLED)
    .map((sample) => [sample.operation, sample] as const);

  it.each(cases)('%s tells what happened from what did not', async (name, sample) => {
    const instance = await openInstance();
    expect((await instance.probe(name, sample.input, 'act-1')).status).toBe(SETTLED[name]?.not);
    for (const call of WRITES) instance.simulator.fail({ when: 'after', answer: 'reset', call });
    await instance.run(name, sample.input, 'act-1');
    const probed = await instance.probe(name, sample.input, 'act-1');
    expect(probed.status).toBe(SETTLED[name]?.applied);
    if (probed.status !== 'applied') return;
    expect(instance.operation(name).output.safeParse(probed.result)).toMatchObject({ success: true });
  });

  it.each(cases)('%s settles nothing while the system cannot be read', async (name, sample) => {
    const instance = await openInstance();
    instance.simulator.fail({ when: 'before', answer: 503, times: 99 });
    expect((await instance.probe(name, sample.input)).status).toBe('undetermined');
  });

  it('finds the ticket of this action and of no other', async () => {
    const instance = await openInstance();
    const input = { short_description: 'Same words' };
    const created = resultOf(await instance.run('servicenow.incident.create', input, 'act-1'));
    expect(await instance.probe('servicenow.incident.create', input, 'act-1')).toEqual({
      status: 'applied',
      result: created,
    });
    expect((await instance.probe('servicenow.incident.create', input, 'act-2')).status).toBe('not-applied');
  });

  it.each(['a:b@c~d+e/f=g', 'javascript:gs.x', `a${'b'.repeat(127)}`])(
    'finds a ticket by an action id that is no plain value: %s',
    async (actionId) => {
      const instance = await openInstance();
      const input = { short_description: 'Marked' };
      await instance.run('servicenow.incident.create', input, actionId);
      expect((await instance.probe('servicenow.incident.create', input, actionId)).status).toBe('applied');
      expect(instance.simulator.audit()[0]?.correlation).toMatch(/^[0-9a-f]{64}$/);
    },
  );

  it('is not fooled by a system that ignores the condition and answers every row', async () => {
    const { operation } = await openInstance();
    const definition = operation('servicenow.incident.create');
    if (definition.kind === 'read' || definition.probe === undefined) throw new Error('expected a probe');
    const body = { result: [{ sys_id: ids.incident, number: 'INC0010001', correlation_id: '' }] };
    const http = { send: async () => ({ ok: true as const, reply: { status: 200, headers: {}, body } }) };
    const context = {
      actionId: 'act-1',
      http,
      clock: { now: () => 0, after: () => () => undefined },
      signal: new AbortController().signal,
    };
    expect((await definition.probe({ short_description: 'A' }, context)).status).toBe('undetermined');
  });

  it('of a role looks at direct grants only', async () => {
    const instance = await openInstance();
    const input = { user: ids.bruno, role: 'itil' };
    expect((await instance.probe('servicenow.role.grant', input)).status).toBe('not-applied');
    expect((await instance.probe('servicenow.role.revoke', input)).status).toBe('applied');
  });

  it('of a change’s approval is settled where every approver has answered so', async () => {
    const instance = await openInstance();
    const answer = { sys_id: ids.change, state: 'approved' };
    await instance.run('servicenow.approval.answer', { sys_id: ids.approval, state: 'approved' });
    expect((await instance.probe('servicenow.change.approve', answer)).status).toBe('undetermined');
    await instance.run('servicenow.change.approve', answer);
    expect((await instance.probe('servicenow.change.approve', answer)).status).toBe('applied');
  });

  it('leaves a comment undetermined, because its journal carries no mark', async () => {
    const instance = await openInstance();
    const input = { sys_id: ids.incident, comments: 'Hello' };
    await instance.run('servicenow.incident.update', input);
    expect((await instance.probe('servicenow.incident.update', input)).status).toBe('undetermined');
  });
});

describe('an idempotent write', () => {
  const idempotent = writes.filter((sample) => !once.includes(sample));

  it('is each of a user’s switches', () => {
    expect(idempotent.map(({ operation }) => operation)).toEqual(
      ['lock', 'unlock', 'deactivate', 'activate'].map((verb) => `servicenow.user.${verb}`),
    );
  });
});
