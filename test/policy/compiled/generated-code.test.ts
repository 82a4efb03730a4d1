import { describe, expect, test } from 'vitest';
import { compilePolicies } from '../../../src/policy/compiled/compile-policies.ts';
import { ExpressionTable } from '../../../src/policy/compiled/expression-table.ts';
import { lowerCondition } from '../../../src/policy/compiled/lower-policy.ts';
import { sharedSlots } from '../../../src/policy/compiled/shared-slots.ts';
import { SourceText } from '../../../src/policy/compiled/source-text.ts';
import { askCedar, askCompiled, compilable, FORMS, ref } from './world.ts';

/** Texts that end a string, a line, a comment or a template in JavaScript, or mean something to every object. */
const HOSTILE = [
  `"];globalThis.broken=1;//`,
  `'+(globalThis.broken=1)+'`,
  ['`$', '{globalThis.broken=1}`'].join(''),
  '\\',
  '\n',
  '\u2028',
  '\u2029',
  '*/globalThis.broken=1/*',
  'k0',
  's',
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
];
const quoted = (text: string) => `"${[...text].map((char) => `\\u{${char.codePointAt(0)?.toString(16)}}`).join('')}"`;
const texts = Object.fromEntries(
  HOSTILE.flatMap((text, index) =>
    [
      `context[${quoted(text)}] == ${quoted(text)}`,
      `context has ${quoted(text)} && context.inner has ${quoted(text)}`,
      `context.inner[${quoted(text)}] == 1`,
      `["x", ${quoted(text)}].contains(context.text)`,
      `context.ref == Type::${quoted(text)}`,
      `context.text like ${quoted(text)}`,
      `{${quoted(text)}: context.text}[${quoted(text)}] == ${quoted(text)}`,
      `principal.hasTag(${quoted(text)})`,
    ].map((condition, kind) => [
      `${index}/${kind} ${text}`,
      `permit(principal, action, resource) when { ${condition} };`,
    ]),
  ),
);
const worlds = HOSTILE.map(
  (text) =>
    ({
      principal: ref('Type', text),
      action: ref('Action', text),
      resource: ref('Type', 'r'),
      context: { [text]: text, inner: { [text]: 1 }, text, ref: ref('Type', text) },
      entities: [[ref('Type', text), { attributes: {}, parents: [], tags: { [text]: 1 } }]],
    }) as const,
);

describe.for(FORMS)('compiled to %s', (form) => {
  test.for(worlds)('names and texts are only what they are: $context.text', (world) => {
    expect(askCompiled(form, compilable(texts), world)).toEqual(askCedar({ staticPolicies: texts }, world));
    expect(globalThis).not.toHaveProperty('broken');
  });
});

test('the generated text has nothing of the policies in it', () => {
  const table = new ExpressionTable();
  const conditions = compilable(texts).flatMap(({ json }) => lowerCondition(table, json.conditions) ?? []);
  const source = new SourceText(sharedSlots(conditions));
  for (const condition of conditions) source.condition(condition);
  const text = source.texts().join('\n');
  expect(source.texts().length).toBeGreaterThan(HOSTILE.length / 2);
  expect(text).toMatch(/^[\w\s"'()[\]{}=!<>&|?:;,.]*$/);
  for (const name of text.matchAll(/[A-Za-z_]\w*/g)) {
    expect(name[0]).toMatch(
      /^([cmns]|[kt]\d+|let|const|return|memo|shared|keep|constructor|undefined|true|false|principal|context|use|strict)$/,
    );
  }
});

test('policies that differ in nothing but constants are one function', () => {
  const many = Array.from(
    { length: 500 },
    (_, index) => `permit(principal, action, resource) when { context.n < ${index} && context.s like "${index}*" };`,
  );
  const table = new ExpressionTable();
  const conditions = compilable(Object.fromEntries(many.entries())).flatMap(
    ({ json }) => lowerCondition(table, json.conditions) ?? [],
  );
  const source = new SourceText(sharedSlots(conditions));
  expect(new Set(conditions.map((condition) => source.condition(condition).run)).size).toBe(1);
});

test('a field of the name that generated code looks at first is read like any other', () => {
  const policies = compilable({
    a: 'permit(principal, action, resource) when { context.record.constructor == 1 && context.record.x == 2 && context.record has constructor };',
  });
  for (const record of [{ constructor: 1, x: 2 }, Object.assign(Object.create(null), { constructor: 1, x: 2 })]) {
    const world = {
      principal: ref('U', 'u'),
      action: ref('Action', 'a'),
      resource: ref('U', 'u'),
      context: { record },
    };
    expect(askCompiled('source', policies, world).satisfied).toEqual(['a']);
  }
});

test('what is added to the prototype of all objects is no attribute of a record', () => {
  const policies = compilable({
    has: 'permit(principal, action, resource) when { context.record has planted };',
    reads: 'permit(principal, action, resource) when { context.record.planted == 1 };',
  });
  const world = {
    principal: ref('U', 'u'),
    action: ref('Action', 'a'),
    resource: ref('U', 'u'),
    context: { record: {} },
  };
  for (const form of FORMS) {
    const evaluator = compilePolicies({ policies }, { form });
    Object.defineProperty(Object.prototype, 'planted', { value: 1, configurable: true });
    try {
      const { permits, errors } = evaluator.evaluate({ ...world, entity: () => undefined, entities: () => [] });
      expect([permits, errors.map(({ policy }) => policy)]).toEqual([[], ['reads']]);
    } finally {
      Reflect.deleteProperty(Object.prototype, 'planted');
    }
  }
});
