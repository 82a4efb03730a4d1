import { describe, expect, test } from 'vitest';
import { createMemoryLog } from '../../src/workflow/memory-log.ts';
import { OddSystem, ORDINARY } from '../support/odd-connector.ts';
import { PERMIT_ALL, testGateway } from '../support/test-gateway.ts';

const WRITE = { operation: 'odd.thing.write', input: {} };

describe('what a connector says of an action is checked before it is believed', () => {
  const LIES: readonly (readonly [string, (odd: OddSystem) => void])[] = [
    ['an effect that touches nothing', (odd) => (odd.effect = () => ({ ...ORDINARY, count: 0 }))],
    ['an effect that gives budget back', (odd) => (odd.effect = () => ({ ...ORDINARY, count: -5 }))],
    ['an effect of half a thing', (odd) => (odd.effect = () => ({ ...ORDINARY, count: 0.5 }))],
    ['an effect whose count is no number', (odd) => (odd.effect = () => ({ ...ORDINARY, count: Number.NaN }))],
    ['an effect without end', (odd) => (odd.effect = () => ({ ...ORDINARY, count: Number.POSITIVE_INFINITY }))],
    ['an effect whose count is a text', (odd) => (odd.effect = () => ({ ...ORDINARY, count: '1' }) as never)],
    ['an effect that does not say whether it leaves', (odd) => (odd.effect = () => ({ ...ORDINARY, external: undefined }) as never)],
    ['an effect of an unknown kind of reversal', (odd) => (odd.effect = () => ({ ...ORDINARY, reversible: 'maybe' }) as never)],
    ['no effect', (odd) => (odd.effect = () => undefined as never)],
    ['labels that are no list', (odd) => (odd.labels = () => 'hr' as never)],
    ['labels that are no texts', (odd) => (odd.labels = () => [7] as never)],
    ['a label nobody declared', (odd) => (odd.labels = () => ['nobody'])],
    ['a resource of a type nobody declared', (odd) => (odd.resourceType = 'Notes::Note')],
    ['an effect that throws', (odd) => (odd.effect = () => { throw new Error('sk-canary'); })],
    ['labels that throw', (odd) => (odd.labels = () => { throw new Error('sk-canary'); })],
  ]; // biome-ignore format: cases as a table

  test('and where it cannot be true, nothing happens and the code is stable', async () => {
    const { agent, odd, interlock } = await testGateway({ log: createMemoryLog() });
    for (const [what, lie] of LIES) {
      Object.assign(odd, new OddSystem());
      lie(odd);
      const { run, caller, workflow } = await agent({ limits: { update: 1 } });
      const refused = await run(WRITE).then(
        ({ code, decision }) => (decision === 'deny' ? code : decision),
        (thrown: { code?: unknown; message: string }) => {
          expect(thrown.message, what).not.toContain('canary');
          return thrown.code;
        },
      );
      expect(refused, what).toBe('CONNECTOR_INVALID');
      expect(odd.executions, what).toBe(0);
      expect((await interlock.workflow(caller, workflow)).counts.update, what).toBe(0);
    }
  });

  test('an effect of a kind that was not declared counts as the worst', async () => {
    const policies = `${PERMIT_ALL} @id("no-execute") @title("N.") forbid(principal, action, resource) when { context.effect.kind == "execute" };`;
    const odd = new OddSystem();
    odd.effect = () => ({ ...ORDINARY, kind: 'create' });
    const { agent } = await testGateway({ odd, policies, log: createMemoryLog() });
    const { run } = await agent();
    expect(await run(WRITE)).toMatchObject({ decision: 'deny', reasons: [{ policy: 'no-execute' }] });
    expect(odd.executions).toBe(0);
  });

  test('one large action does not end the counting: the sum stays exact, and past it everything is denied', async () => {
    const odd = new OddSystem();
    odd.effect = () => ({ ...ORDINARY, count: Number.MAX_SAFE_INTEGER });
    const { agent } = await testGateway({ odd, log: createMemoryLog() });
    const { run } = await agent();
    expect(await run(WRITE)).toMatchObject({ decision: 'allow' });
    odd.effect = () => ORDINARY;
    expect(await run(WRITE)).toMatchObject({ decision: 'deny', code: 'LIMIT_REACHED' });
    expect(await run({ operation: 'odd.thing.read', input: {} })).toMatchObject({ decision: 'allow' });
  });
});
