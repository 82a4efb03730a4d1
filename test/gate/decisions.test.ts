import { describe, expect, test } from 'vitest';
import { PERMIT_ALL, testGateway } from '../support/test-gateway.ts';

const rule = (id: string, head: string, unless?: string): string =>
  `@id("${id}") @title("Rule ${id}.") ${unless === undefined ? '' : `@unless("${unless}")`} ${head};`;

describe('one action', () => {
  test('is allowed where a policy permits it and none forbids it, executed once, and its outcome told', async () => {
    const { agent, system } = await testGateway();
    const { run } = await agent();
    const answer = await run({ operation: 'notes.note.write', input: { id: 'n1', text: 'hello' } });
    expect(answer).toMatchObject({
      decision: 'allow',
      state: 'completed',
      outcome: { status: 'succeeded', result: { ok: true } },
      durability: 'synced',
    });
    expect(system.effects).toHaveLength(1);
  });

  test('is denied where no policy permits it, and nothing happens', async () => {
    const { agent, system } = await testGateway({ policies: '' });
    const { run } = await agent();
    const answer = await run({ operation: 'notes.note.write', input: { id: 'n1', text: 'hello' } });
    expect(answer).toMatchObject({ decision: 'deny', state: 'denied', code: 'NO_PERMIT' });
    expect(system.effects).toEqual([]);
  });

  test('is denied where a policy forbids it, with the policy as its reason', async () => {
    const policies = PERMIT_ALL + rule('no-sending', 'forbid(principal, action in Action::"communicate", resource)');
    const { agent, system } = await testGateway({ policies });
    const { run } = await agent();
    const answer = await run({ operation: 'notes.note.send', input: { id: 'n1', to: 'x@example.com' } });
    expect(answer).toMatchObject({
      decision: 'deny',
      code: 'DENIED_BY_POLICY',
      reasons: [{ policy: 'no-sending', title: 'Rule no-sending.' }],
    });
    expect(system.effects).toEqual([]);
  });

  test('is denied where a policy fails: plain Cedar would skip the forbid and allow', async () => {
    const overflow = 'context.effect.count * 9007199254740991 * 9007199254740991 > 5';
    const policies = PERMIT_ALL + rule('overflows', `forbid(principal, action, resource) when { ${overflow} }`);
    const { agent, system } = await testGateway({ policies });
    const { run } = await agent();
    const answer = await run({ operation: 'notes.note.write', input: { id: 'n1', text: 'x' } });
    expect(answer).toMatchObject({ decision: 'deny', code: 'POLICY_ERROR', reasons: [{ policy: 'overflows' }] });
    expect(system.effects).toEqual([]);
  });

  test('sees what the workflow has read before: the same call is allowed without that read', async () => {
    const leak = 'forbid(principal in Label::"hr", action, resource) when { context.effect.external }';
    const policies = PERMIT_ALL + rule('no-leak', leak);
    const { agent, system } = await testGateway({ policies });
    system.notes.set('hr-1', 'salary');
    const send = { operation: 'notes.note.send', input: { id: 'n1', to: 'x@example.com' } };
    const innocent = await agent();
    expect(await innocent.run(send)).toMatchObject({ decision: 'allow' });
    const exposed = await agent();
    expect(await exposed.run({ operation: 'notes.note.read', input: { id: 'hr-1' } })).toMatchObject({
      decision: 'allow',
    });
    expect(await exposed.run(send)).toMatchObject({ decision: 'deny', reasons: [{ policy: 'no-leak' }] });
  });
});

describe('obligations', () => {
  test('change the input, which is decided again and executed as changed', async () => {
    const policies =
      PERMIT_ALL +
      rule(
        'few-copies',
        'forbid(principal, action == Action::"notes.note.write", resource) when { context.input.copies > 3 }',
        'cap(input.copies, 3)',
      );
    const { agent } = await testGateway({ policies });
    const { run } = await agent();
    const answer = await run({ operation: 'notes.note.write', input: { id: 'n1', text: 'x', copies: 10 } });
    expect(answer).toMatchObject({ decision: 'modify', input: { copies: 3 }, outcome: { status: 'succeeded' } });
    expect(await run({ operation: 'notes.note.write', input: { id: 'n1', text: 'x', copies: 3 } })).toMatchObject({
      decision: 'allow',
    });
  });

  test('that cannot make the input acceptable end in a deny', async () => {
    const policies =
      PERMIT_ALL +
      rule('no-text', 'forbid(principal, action == Action::"notes.note.write", resource)', 'drop(input.text)');
    const { agent, system } = await testGateway({ policies });
    const { run } = await agent();
    expect(await run({ operation: 'notes.note.write', input: { id: 'n1', text: 'x' } })).toMatchObject({
      decision: 'deny',
      code: 'OBLIGATION_IMPOSSIBLE',
    });
    expect(system.effects).toEqual([]);
  });

  test('on the result are applied before anybody sees it, and what is not declared is never shown', async () => {
    const policies =
      PERMIT_ALL +
      rule(
        'hide',
        'forbid(principal, action == Action::"notes.note.read", resource)',
        'mask(result.ssn) and limit(result.tags, 1)',
      );
    const { agent, system } = await testGateway({ policies });
    system.notes.set('n1', 'hello');
    const { run } = await agent();
    const answer = await run({ operation: 'notes.note.read', input: { id: 'n1' } });
    expect(answer.decision).toBe('modify');
    expect(answer.outcome).toEqual({ status: 'succeeded', result: { text: 'hello', ssn: '000-00-0000', tags: ['a'] } });
  });
});

describe('an action id', () => {
  test('with the same call answers with its recorded state and has one effect', async () => {
    const { agent, system } = await testGateway();
    const { run } = await agent();
    const call = { id: 'a1', operation: 'notes.note.write', input: { id: 'n1', text: 'x' } };
    const answers = await Promise.all([run(call), run(call), run({ ...call, input: { text: 'x', id: 'n1' } })]);
    for (const answer of answers)
      expect(answer).toMatchObject({
        id: 'a1',
        state: 'completed',
        outcome: { status: 'succeeded', result: { ok: true } },
      });
    expect(system.effects).toEqual(['write n1']);
  });

  test('with a different call is refused', async () => {
    const { agent, system } = await testGateway();
    const { run } = await agent();
    const call = { id: 'a1', operation: 'notes.note.write', input: { id: 'n1', text: 'x' } };
    await run(call);
    await expect(run({ ...call, input: { id: 'n1', text: 'y' } })).rejects.toMatchObject({ code: 'ACTION_ID_REUSED' });
    await expect(run({ ...call, operation: 'notes.note.send', input: { id: 'n1', to: 'x' } })).rejects.toMatchObject({
      code: 'ACTION_ID_REUSED',
    });
    expect(system.effects).toEqual(['write n1']);
  });
});

describe('an outcome', () => {
  test('that the connector does not know is settled by reading the system back, never by trying again', async () => {
    const { agent, system, interlock } = await testGateway();
    const { run, caller } = await agent();
    system.faults.push('after', 'before');
    const call = (id: string) => ({ id, operation: 'notes.note.write', input: { id, text: 'x' } });
    expect(await run(call('applied'))).toMatchObject({ outcome: { status: 'unknown' } });
    expect(await run(call('lost'))).toMatchObject({ outcome: { status: 'unknown' } });
    expect(await interlock.action(caller, 'applied', 5_000)).toMatchObject({ outcome: { status: 'succeeded' } });
    expect(await interlock.action(caller, 'lost', 5_000)).toMatchObject({ outcome: { status: 'failed' } });
    expect(system.effects).toEqual(['write applied']);
  });

  test('of a connector with a bug is unknown for a write', async () => {
    const { agent, system } = await testGateway();
    const { run } = await agent();
    system.faults.push('throw');
    expect(await run({ operation: 'notes.note.send', input: { id: 'n', to: 'x' } })).toMatchObject({
      outcome: { status: 'unknown', code: 'INTERNAL' },
    });
  });
});
