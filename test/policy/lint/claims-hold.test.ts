import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Action } from '../../../src/action/action.ts';
import { EFFECT_KINDS } from '../../../src/action/effect.ts';
import type { OperationDescriptor } from '../../../src/action/operation-descriptor.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { buildPolicyRequest } from '../../../src/policy/build-request.ts';
import { CedarEvaluator } from '../../../src/policy/cedar-wasm/cedar-evaluator.ts';
import { checkFiles } from '../../../src/policy/check-files.ts';
import type { CheckedPolicy } from '../../../src/policy/checked-policy.ts';
import { generateSchema } from '../../../src/policy/generate-schema.ts';
import { environmentsOf } from '../../../src/policy/lint/environment.ts';
import { EnvironmentIndex } from '../../../src/policy/lint/environment-index.ts';
import type { Finding } from '../../../src/policy/lint/finding.ts';
import { lintedPolicy } from '../../../src/policy/lint/linted-policy.ts';
import { observe } from '../../../src/policy/lint/observations.ts';
import { lintChecked } from '../../../src/policy/lint-policies.ts';
import { operationMapping } from '../../../src/policy/operation-mapping.ts';
import { actionOf, workflow } from '../question.ts';
import { shopCatalog as catalog } from './shop-catalog.ts';

const schema = generateSchema(catalog);
const index = new EnvironmentIndex(environmentsOf(schema, catalog));
const mappings = new Map(catalog.operations.map((each) => [each.operation, operationMapping(each)]));

// Conditions in the words of the schema, so that most of them are accepted. Few words, so that they meet.
const kind = fc.constantFrom(...EFFECT_KINDS.slice(0, 4), 'spend', 'execute');
const small = fc.constantFrom(0, 1, 2, 3, 20, 100, 101);
const long = fc.oneof(
  fc.constantFrom('context.effect.count', 'context.workflow.counts.delete', 'context.agent.actions'),
  small.map(String),
);
const sum = fc.oneof(
  { weight: 4, arbitrary: long },
  fc
    .tuple(long, fc.constantFrom('+', '-', '*'), fc.oneof(long, fc.constant('9007199254740991')))
    .map((parts) => parts.join(' ')),
  fc.constant('context.effect.count * context.effect.count * context.effect.count'),
);
const flag = fc.constantFrom('context.effect.external', 'context.effect.privileged', 'context.hasMandate');
const label = fc.constantFrom('hr', 'pii', 'vip').map((name) => `Label::"${name}"`);
const guarded = fc.constantFrom(
  'context.effect has amount && context.effect.amount',
  'context.input has count && context.input.count',
  'context.input has limit && context.input.limit',
  'resource is Desk::Ticket && resource has priority && resource.priority',
);
const order = fc.constantFrom('<', '<=', '>', '>=', '==', '!=');
const atom = fc.oneof(
  flag,
  fc.tuple(sum, order, long).map((parts) => parts.join(' ')),
  fc.tuple(guarded, order, small).map((parts) => parts.join(' ')),
  fc.tuple(guarded, small).map(([path, value]) => `${path} * ${value} < ${value}`),
  fc.tuple(fc.constantFrom('==', '!='), kind).map(([sign, word]) => `context.effect.kind ${sign} "${word}"`),
  fc.uniqueArray(kind, { minLength: 1 }).map((words) => `${JSON.stringify(words)}.contains(context.effect.kind)`),
  fc.constantFrom('d*', '*e', 'x*', '*').map((pattern) => `context.effect.kind like "${pattern}"`),
  fc.constantFrom('no', 'window').map((word) => `context.effect.reversible == "${word}"`),
  fc.constantFrom('slow', 'fast', 'fats').map((word) => `context.input has speed && context.input.speed == "${word}"`),
  fc.constantFrom('principal', 'resource').chain((who) => label.map((name) => `${who} in ${name}`)),
  fc.tuple(label, label).map(([a, b]) => `principal in [${a}, ${b}]`),
  fc.tuple(label, label).map(([a, b]) => `context.labels.containsAny([${a}, ${b}])`),
  label.map((name) => `context.labels.contains(${name})`),
  fc.constantFrom('context.labels.isEmpty()', 'context.workflow.did.isEmpty()'),
  fc.constantFrom('resource is Desk::Ticket', 'resource in System::"shop"', 'action in Action::"write"'),
  fc.constantFrom('context.now > datetime("2026-01-01")', 'context.now.offset(duration("1d")) < context.now'),
);
const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'condition' },
    { weight: 3, arbitrary: atom.map((text) => `(${text})`) },
    { weight: 2, arbitrary: fc.tuple(tie('condition'), tie('condition')).map(([a, b]) => `(${a} && ${b})`) },
    { weight: 2, arbitrary: fc.tuple(tie('condition'), tie('condition')).map(([a, b]) => `(${a} || ${b})`) },
    { weight: 1, arbitrary: tie('condition').map((text) => `!${text}`) },
    { weight: 1, arbitrary: tie('condition').map((text) => `(${text} && !${text})`) },
    { weight: 1, arbitrary: fc.tuple(tie('condition'), tie('condition')).map(([a, b]) => `(${a} == ${b})`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(tie('condition'), tie('condition'), tie('condition'))
        .map(([a, b, c]) => `(if ${a} then ${b} else ${c})`),
    },
  ),
}));

const head = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: fc.constant('principal') },
      label.map((name) => `principal in ${name}`),
    ),
    fc.constantFrom(
      'action',
      'action in Action::"write"',
      'action in Action::"read"',
      'action in Action::"desk"',
      'action == Action::"shop.order.place"',
      'action in [Action::"desk.ticket.get", Action::"mail.message.send"]',
    ),
    fc.constantFrom('resource', 'resource', 'resource in System::"desk"', 'resource is Shop::Order'),
  )
  .map((parts) => parts.join(', '));
const clause = fc.tuple(fc.constantFrom('when', 'unless'), condition).map(([word, text]) => `${word} { ${text} }`);
const policy = fc.tuple(
  fc.constantFrom('permit', ...Array.from({ length: 6 }, () => 'forbid'), 'discharged', 'discharged'),
  head,
  fc.array(clause, { maxLength: 2 }),
);
const policySet = fc.array(policy, { minLength: 30, maxLength: 30 }).map((policies) =>
  policies
    .map(([effect, scope, clauses], at) => {
      const unless = effect === 'discharged' ? '@unless("approval(g)") ' : '';
      return `@id("p${at}") @title("T.") ${unless}${effect === 'permit' ? 'permit' : 'forbid'}(${scope}) ${clauses.join(' ')};`;
    })
    .join('\n'),
);

// Requests as the gate makes them, of inputs that the schemas accept.
const INPUTS: Readonly<Record<string, fc.Arbitrary<JsonObject>>> = {
  'shop.order.place': fc.record(
    {
      item: fc.constant('pear'),
      count: fc.constantFrom(1, 2, 20, 100),
      speed: fc.constantFrom('slow', 'fast'),
      weight: fc.constant(1),
    },
    { noNullPrototype: true },
  ),
  'mail.message.send': fc.constant({ to: ['a@example.com'], body: 'b' }),
};
const otherInput = fc.record(
  { id: fc.constant('1'), limit: fc.oneof(small, fc.constantFrom(2 ** 53 - 1, 1 - 2 ** 53)) },
  { requiredKeys: ['id'], noNullPrototype: true },
);
const labels = fc.subarray(['hr', 'pii', 'vip']);
const views = [
  workflow(),
  workflow('[{ operation: desk.ticket.get, labels: [hr] }]', '{ mandate: do it }'),
  workflow(
    '[{ operation: desk.ticket.delete, kind: delete, count: 20, labels: [pii, vip] }]',
    '{ limits: { delete: 30 } }',
  ),
];
const effectOf = ({ effectKinds }: OperationDescriptor) =>
  fc.record({
    kind: fc.constantFrom(...effectKinds, 'execute' as const),
    reversible: fc.constantFrom('operation' as const, 'window' as const, 'no' as const),
    external: fc.boolean(),
    privileged: fc.boolean(),
    count: fc.oneof(fc.constantFrom(1, 2, 3, 20, 100), fc.constant(2 ** 53 - 1)),
  });
const amount = fc.option(fc.constantFrom(0, 3, 100, -(2 ** 53 - 1), 2 ** 53 - 1), { nil: undefined });
const request = fc.constantFrom(...catalog.operations).chain((operation) =>
  fc
    .record({
      input: INPUTS[operation.operation] ?? otherInput,
      effect: effectOf(operation),
      amount,
      labels,
      resourceLabels: labels,
      priority: fc.option(small, { nil: undefined }),
      view: fc.constantFrom(...views),
      now: fc.constantFrom(0, Date.UTC(2026, 5), 8.64e15),
    })
    .map(({ input, effect, amount: minorUnits, resourceLabels, priority, view, now, labels: own }) => {
      const action: Action = {
        ...actionOf(operation.operation, {
          input,
          system: operation.system,
          labels: own,
          effect: { ...effect, ...(minorUnits === undefined ? {} : { amount: { minorUnits, currency: 'EUR' } }) },
          resources: [
            {
              type: operation.resourceTypes[0] ?? 'Desk::Ticket',
              id: '1',
              labels: resourceLabels,
              ...(priority === undefined ? {} : { attributes: { priority } }),
            },
          ],
        }),
      };
      const mapping = mappings.get(operation.operation);
      if (mapping === undefined) throw new Error('every operation has a mapping');
      return { operation: operation.operation, request: buildPolicyRequest({ action, view, now, mapping }) };
    }),
);

const operationsOf = (checked: CheckedPolicy): ReadonlySet<string> =>
  new Set(observe(lintedPolicy(checked), index).holding.flatMap(({ operations }) => [...operations]));
const named = ({ problem }: Finding) => /(p\d+) \(/.exec(problem)?.[1] ?? '';

describe('what the linter claims', () => {
  test('is so for every request that Cedar itself is asked about', () => {
    const claims = { policies: 0, never: 0, always: 0, safe: 0, beside: 0, unmet: 0, satisfied: 0, errors: 0 };
    fc.assert(
      fc.property(policySet, fc.array(request, { minLength: 40, maxLength: 40 }), (text, requests) => {
        const { policies } = checkFiles(schema.json, [{ name: 'f', text }]);
        const found = lintChecked({ schema, policies, problems: [] }, { catalog });
        const ofRule = (...rules: readonly Finding['rule'][]) => found.filter(({ rule }) => rules.includes(rule));
        const skipped = new Set(ofRule('too-complex').map((each) => each.policy));
        const failing = new Set(ofRule('can-overflow', 'can-fail').map((each) => each.policy));
        const always = new Set(ofRule('always-holds').map((each) => each.policy));
        const beside = ofRule('shadowed', 'overridden-permit', 'unreachable-discharge');
        const unmet = new Set(ofRule('nothing-to-forbid').map((each) => each.policy));
        const holds = new Map(
          policies
            .filter(({ description }) => !skipped.has(description.id))
            .map((checked) => [checked.description.id, operationsOf(checked)]),
        );
        const texts = (effect: string) =>
          Object.fromEntries(
            policies
              .filter(({ json }) => json.effect === effect)
              .map(({ description, statement }) => [description.id, statement.text]),
          );
        const evaluator = new CedarEvaluator(schema, { permits: texts('permit'), forbids: texts('forbid') });
        claims.policies += policies.length;
        claims.never += [...holds.values()].filter(({ size }) => size === 0).length;
        claims.always += always.size;
        claims.safe += holds.size - failing.size;
        claims.beside += beside.length;
        claims.unmet += unmet.size;
        for (const { operation, request: asked } of requests) {
          const { permits, forbids, errors } = evaluator.evaluate(asked);
          const satisfied = new Set([...permits, ...forbids]);
          claims.satisfied += satisfied.size;
          claims.errors += errors.length;
          const wrong = [
            ...[...satisfied].filter((id) => holds.get(id)?.has(operation) === false).map((id) => `${id} never holds`),
            ...errors
              .map((error) => error.policy)
              .filter((id) => holds.has(id) && !failing.has(id))
              .map((id) => `${id} never errs`),
            ...policies
              .filter(
                ({ description, json }) =>
                  always.has(description.id) && isUnscoped(json) && !satisfied.has(description.id),
              )
              .map(({ description }) => `${description.id} always holds`),
            ...beside
              .filter((each) => satisfied.has(each.policy ?? '') && !satisfied.has(named(each)))
              .map((each) => `${each.policy} lies within ${named(each)}`),
            ...forbids.filter((id) => unmet.has(id) && permits.length > 0).map((id) => `no permit meets ${id}`),
          ];
          expect(wrong, text).toEqual([]);
        }
      }),
      { numRuns: 25 },
    );
    console.log(`claims looked at: ${JSON.stringify(claims)}`);
    // A linter that claims nothing would be right too.
    for (const count of Object.values(claims)) expect(count).toBeGreaterThan(3);
  });
});

function isUnscoped({
  principal,
  action,
  resource,
}: {
  principal: { op: string };
  action: { op: string };
  resource: { op: string };
}): boolean {
  return [principal, action, resource].every(({ op }) => op === 'All');
}
