import { describe, expect, test } from 'vitest';
import type { PolicyEntity, PolicyRecord } from '../../../src/action/policy-port.ts';
import { compilePolicies } from '../../../src/policy/compiled/compile-policies.ts';
import { compilable, FORMS, ref, requestOf } from './world.ts';

const base = { principal: ref('User', 'u'), action: ref('Action', 'read'), resource: ref('Doc', 'd') };
const permit = (condition: string) => `permit(principal, action, resource) when { ${condition} };`;

/** A record that counts how often one of its fields is read. */
function counted(fields: PolicyRecord, name: string): { readonly record: PolicyRecord; readonly reads: () => number } {
  let reads = 0;
  const record = { ...fields };
  const get = () => {
    reads += 1;
    return fields[name];
  };
  Object.defineProperty(record, name, { enumerable: true, get });
  return { record, reads: () => reads };
}

describe.for(FORMS)('compiled to %s', (form) => {
  const evaluatorOf = (...conditions: readonly string[]) =>
    compilePolicies(
      { policies: compilable(Object.fromEntries(conditions.map((one, index) => [`p${index}`, permit(one)]))) },
      { form },
    );

  test('what many policies look at is read as often as what one policy looks at', () => {
    const condition = (index: number) => `context.outer.inner == "${index}"`;
    const readsBy = (policies: number) => {
      const evaluator = evaluatorOf(...Array.from({ length: policies }, (_, index) => condition(index)));
      const { record, reads } = counted({ inner: '1' }, 'inner');
      expect(evaluator.evaluate(requestOf({ ...base, context: { outer: record } })).permits).toEqual(
        policies > 1 ? ['p1'] : [],
      );
      return reads();
    };
    expect(readsBy(100)).toBe(readsBy(2));
  });

  test('a shared part that fails is an error of those that get to it, and of no other', () => {
    const evaluator = evaluatorOf(
      'context.missing.a == 1',
      'context.no && context.missing.a == 1',
      'context.yes || context.missing.a == 1',
      'context.missing.a == 1 || context.yes',
      'context has missing && context.missing.a == 1',
    );
    const { permits, errors } = evaluator.evaluate(requestOf({ ...base, context: { yes: true, no: false } }));
    expect(permits).toEqual(['p2']);
    expect(errors).toEqual([
      { policy: 'p0', message: expect.stringContaining('`missing`') },
      { policy: 'p3', message: expect.stringContaining('`missing`') },
    ]);
  });

  test('nothing of one request is known in the next one', () => {
    const evaluator = evaluatorOf(
      'context.a.b == 1',
      'context.a.b == 2',
      'principal.x == 1 && principal in Team::"t"',
      'principal.x == 2',
    );
    const ask = (value: number, entity: PolicyEntity) =>
      evaluator.evaluate(requestOf({ ...base, context: { a: { b: value } }, entities: [[base.principal, entity]] }))
        .permits;
    expect(ask(1, { attributes: { x: 1 }, parents: [ref('Team', 't')] })).toEqual(['p0', 'p2']);
    expect(ask(2, { attributes: { x: 2 }, parents: [] })).toEqual(['p1', 'p3']);
    expect(ask(3, { attributes: { x: 1 }, parents: [] })).toEqual([]);
  });

  test('a failure of the one who describes entities is an error of the engine, and harms no later decision', () => {
    const evaluator = evaluatorOf('context.a == 1 && principal.x == 1', 'context.a == 1');
    const request = requestOf({ ...base, context: { a: 1 } });
    const broken = {
      ...request,
      entity: () => {
        throw new TypeError('broken');
      },
    };
    expect(() => evaluator.evaluate(broken)).toThrow(expect.objectContaining({ code: 'POLICY_ENGINE_FAILED' }));
    expect(evaluator.evaluate(request).permits).toEqual(['p1']);
  });

  test('a decision may be asked for while another one is made', () => {
    const evaluator = evaluatorOf('context.a.b == 1 && principal.x == 1', 'context.a.b == 2');
    const inner = requestOf({ ...base, context: { a: { b: 2 } } });
    // Its working memory is there from now on.
    evaluator.evaluate(inner);
    const answers: (readonly string[])[] = [];
    const outer = {
      ...requestOf({ ...base, context: { a: { b: 1 } } }),
      entity: (): PolicyEntity => {
        answers.push(evaluator.evaluate(inner).permits);
        return { attributes: { x: 1 }, parents: [] };
      },
    };
    expect(evaluator.evaluate(outer).permits).toEqual(['p0']);
    expect(answers.length).toBeGreaterThan(0);
    expect(new Set(answers.flat())).toEqual(new Set(['p1']));
  });

  test('frozen requests and policies are enough, and answers are not shared', () => {
    const policies = compilable({
      a: permit('context.list.contains("x") && [1, 2].containsAll(context.numbers)'),
      b: 'forbid(principal, action, resource);',
    });
    const evaluator = compilePolicies({ policies: frozen(policies) }, { form });
    const request = frozen(requestOf({ ...base, context: { list: ['x', 'y'], numbers: [2] } }));
    const first = evaluator.evaluate(request);
    expect(first).toEqual({ permits: ['a'], forbids: ['b'], errors: [] });
    expect(evaluator.evaluate(request)).toEqual(first);
    expect(evaluator.evaluate(request).permits).not.toBe(first.permits);
  });
});

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
}
