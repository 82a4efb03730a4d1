import { setImmediate } from 'node:timers';
import { describe, expect, test } from 'vitest';
import { compileMeanwhile, compilePolicies } from '../../../src/policy/compiled/compile-policies.ts';
import { compilable, FORMS, ref, requestOf } from './world.ts';

const TEXTS = {
  scoped: 'permit(principal, action == Action::"read", resource) when { context.n == 1 };',
  twin: 'permit(principal, action == Action::"read", resource) when { context.n == 2 };',
  'other action': 'permit(principal, action == Action::"write", resource) when { context.n == 3 };',
  'other principal': 'permit(principal == U::"other", action == Action::"read", resource) when { context.n == 4 };',
  'no condition': 'forbid(principal == U::"nobody", action, resource);',
};
const asks = (principal: string, action: string, n: number) =>
  requestOf({ principal: ref('U', principal), action: ref('Action', action), resource: ref('D', 'd'), context: { n } });

describe.for(FORMS)('compiled to %s', (form) => {
  const compiled = () => compilePolicies({ policies: compilable(TEXTS) }, { form });

  test('there is no code of a policy until it is a candidate', () => {
    const evaluator = compiled();
    expect(evaluator.policiesRun()).toBe(0);
    expect(evaluator.evaluate(asks('u', 'read', 1)).permits).toEqual(['scoped']);
    expect(evaluator.policiesRun()).toBe(2);
    expect(evaluator.evaluate(asks('u', 'read', 2)).permits).toEqual(['twin']);
    expect(evaluator.policiesRun()).toBe(2);
    expect(evaluator.evaluate(asks('other', 'read', 4)).permits).toEqual(['other principal']);
    expect(evaluator.evaluate(asks('u', 'write', 3)).permits).toEqual(['other action']);
    expect(evaluator.policiesRun()).toBe(4);
  });

  test('the first decision and the second one are the same, errors included', () => {
    const evaluator = compiled();
    const wrong = requestOf({
      principal: ref('U', 'u'),
      action: ref('Action', 'read'),
      resource: ref('D', 'd'),
      context: {},
    });
    const first = evaluator.evaluate(wrong);
    expect(first.errors.map(({ policy }) => policy)).toEqual(['scoped', 'twin']);
    expect(evaluator.evaluate(wrong)).toEqual(first);
    expect(evaluator.evaluate(asks('u', 'read', 1)).permits).toEqual(['scoped']);
  });
});

test('a large set is compiled in parts, others going on meanwhile, and answers the same', async () => {
  const policies = compilable({ one: TEXTS.scoped }).flatMap(({ json }) =>
    Array.from({ length: 1_000 }, (_, at) => ({ json, id: `p${at}` })),
  );
  let turns = 0;
  const count = (): void => {
    turns++;
    pending = setImmediate(count);
  };
  let pending = setImmediate(count);
  const evaluator = await compileMeanwhile({ policies });
  clearImmediate(pending);
  expect(turns).toBeGreaterThanOrEqual(4);
  const request = asks('u', 'read', 1);
  expect(evaluator.evaluate(request)).toEqual(compilePolicies({ policies }).evaluate(request));
  const broken = compileMeanwhile({ policies: [{ id: 'x', json: {} }] as unknown as typeof policies });
  await expect(broken).rejects.toMatchObject({ code: 'POLICY_INVALID' });
});
