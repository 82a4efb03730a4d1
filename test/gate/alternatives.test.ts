import { describe, expect, test } from 'vitest';
import { PERMIT_ALL, testGateway } from '../support/test-gateway.ts';
import { ADMIN, READ_HR, SEND, WRITE, world } from './session-world.ts';

const COPIES = `${PERMIT_ALL}
@id("one-copy") @title("One copy only.")
forbid(principal, action == Action::"notes.note.write", resource)
when { context.input has ssn || context.workflow.labels.contains(Label::"hr") };`;

const changes = (found: { readonly alternatives: readonly { readonly change: string }[] }) =>
  found.alternatives.map(({ change }) => change);

describe('the explanation of a denied action', () => {
  test('says which values its policies looked at, and where each stands', async () => {
    const { agent, interlock } = await world();
    const { caller, run } = await agent();
    await run(READ_HR);
    const { id } = await run(SEND);
    const { policies, seen } = await interlock.explain(caller, id);
    expect(policies).toMatchObject([{ id: 'no-leak', place: expect.stringMatching(/policies\.cedar:\d+$/) }]);
    expect(seen.values).toEqual([{ path: 'context.effect.external', value: true }]);
    expect(seen.paths).toMatchObject([{ label: 'hr' }]);
  });

  test('says what would have been allowed: the same by an agent that has not read it', async () => {
    const { agent, interlock, system } = await world();
    const { caller, run } = await agent();
    await run(READ_HR);
    const { id } = await run(SEND);
    const found = await interlock.explain(caller, id);
    expect(found.alternatives[0]).toMatchObject({ change: 'an agent that has not read hr', decision: 'allow' });
    // Trying is no doing: nothing was sent, and what was said is true.
    expect(system.effects).toEqual([]);
    expect(await (await agent()).run(SEND)).toMatchObject({ decision: 'allow' });
  });

  test('offers no agent where only another workflow would do, and no workflow where only the input would', async () => {
    const gateway = await testGateway({ policies: COPIES });
    gateway.system.notes.set('hr-1', 'salary');
    const { caller, run } = await gateway.agent();
    const ssn = { operation: 'notes.note.write', input: { id: 'n1', text: 'x', ssn: '1' } };
    const one = await run(ssn);
    expect(changes(await gateway.interlock.explain(caller, one.id))).toEqual(['without input.ssn']);
    await run(READ_HR);
    const two = await run(WRITE);
    expect(changes(await gateway.interlock.explain(caller, two.id))).toEqual(['a workflow that has not read hr']);
    const both = await run({ ...ssn, id: 'both' });
    expect(changes(await gateway.interlock.explain(caller, both.id))).toEqual([]);
  });

  test.for([
    ['in a workflow with higher limits', async () => undefined, { create: 0 }],
    [
      'once the freeze is lifted',
      async ({ interlock, workflow }) => {
        await interlock.freeze(ADMIN, workflow, true, 'test');
      },
      {},
    ],
    [
      'once the freeze is lifted',
      async ({ interlock }) => {
        await interlock.setFreeze(ADMIN, { scope: { kind: 'system', id: 'notes' }, frozen: true, reason: 'test' });
      },
      {},
    ],
    [
      'once it is released from quarantine',
      async ({ interlock, workflow, session }) => {
        await interlock.quarantine(ADMIN, workflow, { session, reason: 'test' });
      },
      {},
    ],
  ] as const satisfies readonly (readonly [string, (at: Place) => Promise<void>, object])[])(
    'names what stops it beside policies: %s',
    async ([change, stop, limits]) => {
      const { agent, interlock } = await world();
      const { caller, run, workflow, session } = await agent({ limits });
      await stop({ interlock, workflow, session });
      const { id } = await run(WRITE);
      expect(changes(await interlock.explain(caller, id))).toEqual([change]);
    },
  );

  test('is no offer where the action was allowed', async () => {
    const { agent, interlock } = await world();
    const { caller, run } = await agent();
    const { id } = await run(WRITE);
    expect((await interlock.explain(caller, id)).alternatives).toEqual([]);
  });
});

interface Place {
  readonly interlock: Awaited<ReturnType<typeof world>>['interlock'];
  readonly workflow: string;
  readonly session: string;
}
