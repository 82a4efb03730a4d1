import fc from 'fast-check';
import { expect, test } from 'vitest';
import { freshCedar } from '../../src/policy/cedar-wasm/fresh-cedar.ts';
import { schemaSlicer } from '../../src/policy/cedar-wasm/slice-schema.ts';
import { generateSchema } from '../../src/policy/generate-schema.ts';
import { catalog } from './catalog.ts';
import { largeCatalog } from './large-catalog.ts';

const cedar = freshCedar();
const schema = generateSchema(catalog).json;

const action = fc
  .constantFrom(
    'desk.ticket.get',
    'desk.ticket.update',
    'mail.message.send',
    'mail.message.sent',
    'desk',
    'mail',
    'read',
    'write',
    'communicate',
    'spend',
    'wrote',
  )
  .map((id) => `Action::"${id}"`);
const head = fc.oneof(
  fc.constant('action'),
  action.map((one) => `action == ${one}`),
  action.map((one) => `action in ${one}`),
  fc.array(action, { minLength: 1, maxLength: 3 }).map((some) => `action in [${some.join(', ')}]`),
);
const field = fc.constantFrom('id', 'limit', 'priority', 'note', 'to', 'body', 'domains', 'prority');
const atom = fc.oneof(
  field.map((name) => `context.input has ${name}`),
  fc.tuple(field, field).map(([a, b]) => `(context.input has ${a} && context.input.${b} == 3)`),
  field.map((name) => `context has input.${name}`),
  field.map((name) => `context.input["${name}"] == "x"`),
  field.map((name) => `(context.input has ${name} && context.input.${name}.contains("x"))`),
  fc.constantFrom(
    'context.input == context.input',
    'context.input == {id: "x"}',
    '[context.input].contains(context.input)',
    'context == context',
    'principal has id',
  ),
  action.map((one) => `action in ${one}`),
  action.map((one) => `action == ${one}`),
  action.map((one) => `context.workflow.did.contains(${one})`),
  fc.constantFrom(
    'resource is Desk::Ticket',
    'resource is Mail::Message',
    'resource is Mail::Thing',
    'resource has priority && resource.priority > 1',
    'resource.owner == "x"',
    'principal in Label::"hr"',
    'principal in Label::"hrr"',
    'resource in System::"desk"',
  ),
  fc.constantFrom(
    'context.effect.count > 1',
    'context.effect.cont > 1',
    'context.remaining has delete',
    'context.remaining.delete > 1',
    'context.hasMandate',
  ),
);
const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 2 },
    atom,
    fc
      .tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition'))
      .map(([a, operator, b]) => `(${a}) ${operator} (${b})`),
    tie('condition').map((inner) => `!(${inner})`),
  ),
}));
const policy = fc
  .tuple(
    fc.constantFrom('permit', 'forbid'),
    head,
    fc.constantFrom('resource', 'resource is Desk::Ticket', 'resource in Label::"vip"'),
    fc.constantFrom('when', 'unless'),
    condition,
  )
  .map(
    ([effect, actions, resource, clause, inner]) =>
      `${effect}(principal, ${actions}, ${resource}) ${clause} { ${inner} };`,
  );

/** Whether Cedar has neither errors nor warnings. */
function isClean(of: typeof schema, text: string): boolean {
  const answer = cedar.validate({ schema: of as never, policies: { staticPolicies: { p: text } } }); // the same format, read-only
  if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors));
  return answer.validationErrors.length + answer.validationWarnings.length === 0;
}

test('a slice of the schema gives each policy the verdict of the whole', { timeout: 60_000 }, () => {
  const sliceOf = schemaSlicer(schema);
  const verdicts = new Set<boolean>();
  fc.assert(
    fc.property(policy, (text) => {
      const parsed = cedar.policyToJson(text);
      fc.pre(parsed.type === 'success');
      const whole = isClean(schema, text);
      verdicts.add(whole);
      expect(isClean(sliceOf(parsed.json).schema, text)).toBe(whole);
    }),
    { numRuns: 800 },
  );
  expect(verdicts).toEqual(new Set([true, false]));
});

test('actions that look alike to a policy are one', () => {
  const sliceOf = schemaSlicer(generateSchema(largeCatalog()).json);
  const parsed = cedar.policyToJson(
    'forbid(principal, action in Action::"read", resource) when { context.input has field_9 };',
  );
  if (parsed.type === 'failure') throw new Error('the policy does not parse');
  // One per resource type with the field and one without, the placeholder, and the group itself.
  expect(Object.keys(sliceOf(parsed.json).schema['']?.actions ?? {}).length).toBeLessThanOrEqual(16 * 2 + 2);
});
