import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { PolicyEvaluation, PolicyEvaluator } from '../../src/action/policy-port.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { createMemoryLog } from '../../src/workflow/memory-log.ts';
import { failingLog, isOfType } from '../support/failing-log.ts';
import { operator, PERMIT_ALL, type TestGateway, testGateway } from '../support/test-gateway.ts';

const POLICIES = `${PERMIT_ALL}
@id("cap") @title("Few.") @unless("cap(input.copies, 3)") forbid(principal, action == Action::"notes.note.write", resource) when { context.input.copies > 3 };
@id("ask") @title("Asks.") @unless("approval(security, within: 1h)") forbid(principal, action == Action::"notes.note.send", resource);`;
const WRITE = { operation: 'notes.note.write', input: { id: 'n1', text: 'x', copies: 5 } };
const SEND = { id: 'send-1', operation: 'notes.note.send', input: { id: 'n1', to: 'x@example.com' } };
const GRACE = operator('grace', ['approve'], ['security']);
const YES = { answer: 'approve', reason: '' } as const;

/** The engine of the set in force fails as said, from its n-th evaluation on. */
function breakEngine({ policySet }: TestGateway, answer: () => unknown, from = 1): () => void {
  const evaluator = policySet().evaluator as { -readonly [K in keyof PolicyEvaluator]: PolicyEvaluator[K] };
  const { evaluate } = evaluator;
  let calls = 0;
  evaluator.evaluate = (request) => {
    calls += 1;
    return calls < from ? evaluate.call(evaluator, request) : (answer() as PolicyEvaluation);
  };
  return () => {
    evaluator.evaluate = evaluate;
  };
}

const FAULTS: readonly (readonly [string, () => unknown])[] = [
  ['throws', () => { throw new Error('trap'); }],
  ['throws what is no error', () => { throw undefined; }],
  ['says that it failed', () => { throw new InterlockError('POLICY_ENGINE_FAILED', 'memory access out of bounds'); }],
  ['answers nothing', () => undefined],
  ['answers permits and no forbids', () => ({ permits: ['permit-all'] })],
  ['answers a permit beside an error', () => ({ permits: ['permit-all'], forbids: [], errors: [{ policy: 'ask', message: 'x' }] })],
  ['names a forbid that nobody wrote', () => ({ permits: ['permit-all'], forbids: ['ghost'], errors: [] })],
  ['answers no permit', () => ({ permits: [], forbids: [], errors: [] })],
]; // biome-ignore format: cases as a table

describe('a policy engine that fails', () => {
  test('at the first look, at the look at the changed input, or at the release, denies', async () => {
    const gateway = await testGateway({ policies: POLICIES, log: createMemoryLog(), judgedShare: 0 });
    const { run, caller } = await gateway.agent();
    for (const [at, [what, answer]] of FAULTS.entries()) {
      for (const from of [1, 2]) {
        const mend = breakEngine(gateway, answer, from);
        expect(await run(WRITE), what).toMatchObject({ decision: 'deny', state: 'denied' });
        mend();
      }
      const id = `held-${at}`;
      const held = await run({ ...SEND, id });
      expect(held).toMatchObject({ state: 'held' });
      const mend = breakEngine(gateway, answer);
      await gateway.interlock.answerApproval(GRACE, held.approval?.ids[0] ?? '', YES);
      await expect
        .poll(() => gateway.interlock.action(caller, id), { message: what })
        .toMatchObject({ decision: 'deny' });
      mend();
    }
    expect(gateway.system.effects).toEqual([]);
    expect(await run(WRITE)).toMatchObject({ decision: 'modify' });
  });
});

describe('a change of policies', () => {
  const stricter = `${PERMIT_ALL} @id("never") @title("Never.") forbid(principal, action, resource);`;

  test('between the question and the answer holds for the release', async () => {
    const gateway = await testGateway({ policies: POLICIES, log: createMemoryLog() });
    const { run, caller } = await gateway.agent();
    const held = await run(SEND);
    writeFileSync(join(gateway.directory, 'policies.cedar'), stricter);
    await gateway.reloadPolicies('root');
    await gateway.interlock.answerApproval(GRACE, held.approval?.ids[0] ?? '', YES);
    await expect
      .poll(() => gateway.interlock.action(caller, SEND.id))
      .toMatchObject({ decision: 'deny', reasons: [{ policy: 'never' }] });
    expect(gateway.system.effects).toEqual([]);
  });

  test('that is broken, or that the log does not take, leaves the good ones in force', async () => {
    const log = failingLog(createMemoryLog());
    const gateway = await testGateway({ policies: stricter, log });
    const { run } = await gateway.agent();
    const { hash } = gateway.policySet();
    const file = join(gateway.directory, 'policies.cedar');
    writeFileSync(file, 'permit(principal, action, resource) when { context.nothing };');
    await expect(gateway.reloadPolicies('root')).rejects.toMatchObject({ code: 'POLICY_INVALID' });
    writeFileSync(file, PERMIT_ALL);
    for (const how of ['refuse', 'lose'] as const) {
      log.fail = { how, when: isOfType('policy.activated') };
      await expect(gateway.reloadPolicies('root')).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
      expect(gateway.policySet().hash).toBe(hash);
      expect(await run(WRITE)).toMatchObject({ decision: 'deny', policySet: hash });
    }
    log.fail = undefined;
    await gateway.reloadPolicies('root');
    expect(await run(WRITE)).toMatchObject({ decision: 'allow', policySet: gateway.policySet().hash });
  });

  test('under load is whole: every decision is made by one set, and the log says when which was activated', async () => {
    const log = createMemoryLog();
    const gateway = await testGateway({ policies: PERMIT_ALL, log });
    const { run, workflow } = await gateway.agent();
    const sets = new Map([[gateway.policySet().hash, 'allow']]);
    const answers = [];
    for (const text of [stricter, PERMIT_ALL, stricter]) {
      writeFileSync(join(gateway.directory, 'policies.cedar'), text);
      const reloading = gateway.reloadPolicies('root');
      for (let i = 0; i < 20; i++) answers.push(await run({ operation: 'notes.note.read', input: { id: 'n1' } }));
      sets.set((await reloading).hash, text === stricter ? 'deny' : 'allow');
    }
    for (const { policySet, decision } of answers) expect(decision).toBe(sets.get(policySet));
    expect((await log.read({ tenant: '~system', workflow: 'policies' })).length).toBe(4);
    expect((await log.read({ tenant: 'acme', workflow })).length).toBeGreaterThan(60);
  });
});
