import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EntityRef, PolicyEntity } from '../../../src/action/policy-port.ts';
import { compilePolicies } from '../../../src/policy/compiled/compile-policies.ts';
import { askCedar, askCompiled, compilable, FORMS, ref, requestOf, type World } from './world.ts';

const ids = ['a', 'b', 'c', 'd'];
const entity = fc
  .tuple(fc.constantFrom('User', 'Team', 'Doc'), fc.constantFrom(...ids))
  .map(([type, id]) => ref(type, id));
const action = fc.constantFrom('read', 'write', 'all', 'other').map((id) => ref('Action', id));
const text = ({ type, id }: EntityRef) => `${type}::"${id}"`;

const scope = (name: string) =>
  fc.oneof(
    fc.constant(name),
    entity.map((one) => `${name} == ${text(one)}`),
    entity.map((one) => `${name} in ${text(one)}`),
    entity.map(({ type }) => `${name} is ${type}`),
    fc.tuple(entity, entity).map(([{ type }, one]) => `${name} is ${type} in ${text(one)}`),
  );
const actionScope = fc.oneof(
  fc.constant('action'),
  action.map((one) => `action == ${text(one)}`),
  action.map((one) => `action in ${text(one)}`),
  fc.array(action, { maxLength: 3 }).map((some) => `action in [${some.map(text).join()}]`),
);
const policy = fc
  .tuple(
    scope('principal'),
    actionScope,
    scope('resource'),
    fc.constantFrom('', ' when { context.yes }', ' when { context.missing }'),
  )
  .map(([principal, wanted, resource, condition]) => `permit(${principal}, ${wanted}, ${resource})${condition};`);

/** Parents only further on in the alphabet: Cedar refuses circles. Actions have actions as parents. */
const parents = (refs: fc.Arbitrary<EntityRef>) =>
  fc.uniqueArray(fc.tuple(refs, fc.uniqueArray(refs, { maxLength: 3, selector: text })), {
    selector: ([one]) => text(one),
    maxLength: 8,
  });
const described = fc
  .tuple(parents(entity), parents(action))
  .map(([some, actions]) =>
    [...some, ...actions].map(([one, above]): readonly [EntityRef, PolicyEntity] => [
      one,
      { attributes: {}, parents: above.filter((parent) => text(one) < text(parent)) },
    ]),
  );

describe.for(FORMS)('compiled to %s', (form) => {
  test('every policy that matches is found, and no other, in the order of ids', () =>
    fc.assert(
      fc.property(
        fc.array(policy, { minLength: 1, maxLength: 40 }),
        fc.array(fc.record({ principal: entity, action, resource: entity }), { minLength: 1, maxLength: 4 }),
        described,
        (policies, requests, entities) => {
          const texts = Object.fromEntries(policies.map((one, index) => [`p${index}`, one]));
          const compiled = compilable(texts);
          for (const request of requests) {
            const world: World = { ...request, context: { yes: true }, entities };
            expect(askCompiled(form, compiled, world)).toEqual(askCedar({ staticPolicies: texts }, world));
          }
        },
      ),
      { numRuns: 150, seed: 4 },
    ));
});

describe('an action that the request does not describe', () => {
  const group = (...names: string[]): PolicyEntity => ({
    attributes: {},
    parents: names.map((id) => ref('Action', id)),
  });
  const schema = new Map([
    ['read', group('reading')],
    ['reading', group('everything')],
  ]);
  const policies = compilable({
    closed: 'permit(principal, action in Action::"everything", resource);',
    near: 'permit(principal, action in Action::"reading", resource);',
    condition: 'permit(principal, action, resource) when { action in Action::"everything" };',
    other: 'permit(principal, action in Action::"writing", resource);',
    literal: 'permit(principal, action, resource) when { Action::"reading" in Action::"everything" };',
  });
  const evaluator = compilePolicies({ policies, action: ({ id }) => schema.get(id) });
  const ask = (id: string, entities: World['entities'] = []) =>
    evaluator.evaluate(
      requestOf({ principal: ref('User', 'a'), action: ref('Action', id), resource: ref('Doc', 'd'), entities }),
    ).permits;

  test('is in the groups that the schema says, and in theirs', () =>
    expect(ask('read')).toEqual(['closed', 'condition', 'literal', 'near']));
  test('is in none where the schema knows nothing of it', () => expect(ask('delete')).toEqual(['literal']));
  test('is in those that the request says where it does, and only then', () => {
    expect(ask('read', [[ref('Action', 'read'), group('writing')]])).toEqual(['literal', 'other']);
    expect(ask('read')).toEqual(['closed', 'condition', 'literal', 'near']);
  });
});

test('an entity that is its own ancestor is found once, and walked once', () => {
  const [one, other] = [ref('Team', 'one'), ref('Team', 'other')];
  const policies = compilable({
    in: 'permit(principal in Team::"one", action, resource);',
    out: 'permit(principal in Team::"x", action, resource);',
  });
  const entities: World['entities'] = [
    [one, { attributes: {}, parents: [other] }],
    [other, { attributes: {}, parents: [one] }],
  ];
  const world = { principal: one, action: ref('Action', 'read'), resource: other, entities };
  expect(askCompiled('source', policies, world)).toEqual({ satisfied: ['in'], failed: [] });
});

test('a long chain of parents is walked to its end', () => {
  const team = (index: number) => ref('Team', String(index));
  const entities = Array.from(
    { length: 2_000 },
    (_, index) => [team(index), { attributes: {}, parents: [team(index + 1)] }] as const,
  );
  const known = new Map(entities.map(([{ id }, described]) => [id, described]));
  const policies = compilable({ in: 'permit(principal in Team::"2000", action, resource);' });
  const request = requestOf({ principal: team(0), action: ref('Action', 'read'), resource: team(1) });
  const evaluation = compilePolicies({ policies }).evaluate({ ...request, entity: ({ id }) => known.get(id) });
  expect(evaluation.permits).toEqual(['in']);
});

describe('policies that name both sides, found by the name that fewer have in common', () => {
  const ids = Array.from({ length: 20 }, (_, index) => `${index + 10}`);
  const policies = compilable({
    ...Object.fromEntries(
      ids.map((id) => [`r${id}`, `permit(principal in Team::"t", action, resource == Doc::"${id}");`]),
    ),
    ...Object.fromEntries(
      ids.map((id) => [`s${id}`, `permit(principal == User::"${id}", action, resource in Folder::"f");`]),
    ),
  });
  const ask = (principal: string, resource: string, entities: World['entities']) =>
    askCompiled('source', policies, {
      principal: ref('User', principal),
      action: ref('Action', 'a'),
      resource: ref('Doc', resource),
      entities: entities ?? [],
    }).satisfied;
  const member = [ref('User', '11'), { attributes: {}, parents: [ref('Team', 't')] }] as const;
  const filed = [ref('Doc', '12'), { attributes: {}, parents: [ref('Folder', 'f')] }] as const;

  test('match where both sides do', () => expect(ask('11', '12', [member, filed])).toEqual(['r12', 's11']));
  test('do not match for another principal', () => expect(ask('99', '12', [member, filed])).toEqual([]));
  test('do not match for another resource', () => expect(ask('11', '99', [member, filed])).toEqual([]));
  test('do not match where the principal is in nothing', () => expect(ask('11', '12', [filed])).toEqual(['s11']));
  test('do not match where the resource is in nothing', () => expect(ask('11', '12', [member])).toEqual(['r12']));
});
