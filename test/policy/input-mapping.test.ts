import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { CedarDatetime, CedarDecimal } from '../../src/action/policy-port.ts';
import type { Json, JsonObject } from '../../src/lib/json.ts';
import { freshCedar } from '../../src/policy/cedar-wasm/fresh-cedar.ts';
import { recordJson } from '../../src/policy/cedar-wasm/to-cedar-json.ts';
import { inputMapping } from '../../src/policy/input-mapping.ts';
import { operationMapping } from '../../src/policy/operation-mapping.ts';

const cedarOf = (schema: z.ZodType) => inputMapping(z.strictObject({ field: schema })).cedar.attributes['field'];
const long = { type: 'Long' };
const string = { type: 'String' };

describe('the Cedar type of a field', () => {
  const tree = z.object({
    name: z.string(),
    get parent() {
      return tree.optional();
    },
  });
  test.for<[string, z.ZodType, unknown]>([
    ['a string', z.string(), string],
    ['a formatted string', z.email(), string],
    ['an enum', z.enum(['a', 'b']), string],
    ['literals', z.literal(['a', 'b']), string],
    ['literals of two types', z.literal(['a', 1]), undefined],
    ['an integer', z.int(), long],
    ['a number checked to be an integer', z.number().int(), long],
    ['a 32-bit integer', z.int32(), long],
    ['a fraction', z.number(), { type: 'Extension', name: 'decimal' }],
    ['a boolean', z.boolean(), { type: 'Boolean' }],
    ['an instant', z.iso.datetime(), { type: 'Extension', name: 'datetime' }],
    ['a day', z.iso.date(), { type: 'Extension', name: 'datetime' }],
    ['an optional', z.int().optional(), { ...long, required: false }],
    ['a nullable', z.int().nullable(), { ...long, required: false }],
    ['a default', z.int().optional().default(3), { ...long, required: true }],
    ['a union with null', z.union([z.int(), z.null()]), { ...long, required: false }],
    ['an array of scalars', z.array(z.string().nullable()), { type: 'Set', element: string }],
    ['a tuple of one type', z.tuple([z.int(), z.int()]), { type: 'Set', element: long }],
    ['an array of objects', z.array(z.object({ a: z.int() })), undefined],
    ['an array of arrays', z.array(z.array(z.int())), undefined],
    ['an open map', z.record(z.string(), z.int()), undefined],
    ['unknown', z.unknown(), undefined],
    ['a transformed string', z.string().transform((text) => text.length), undefined],
    ['a pipe', z.string().pipe(z.string().max(3)), string],
    ['a union of types', z.union([z.string(), z.int()]), undefined],
    ['an object', z.object({ a: z.int(), b: z.unknown() }), { type: 'Record', attributes: { a: long } }],
    [
      'a union of objects',
      z.union([z.object({ t: z.literal('x'), a: z.int() }), z.object({ t: z.literal('y'), b: z.int() })]),
      { type: 'Record', attributes: { t: string, a: { ...long, required: false }, b: { ...long, required: false } } },
    ],
    [
      'a union of objects that disagree',
      z.union([z.object({ a: z.int() }), z.object({ a: z.string() })]),
      { type: 'Record', attributes: {} },
    ],
    [
      'a union with an open object',
      z.union([z.object({ a: z.int() }), z.looseObject({})]),
      { type: 'Record', attributes: {} },
    ],
    [
      'an intersection',
      z.intersection(z.object({ a: z.int() }), z.object({ b: z.int() })),
      { type: 'Record', attributes: { a: long, b: long } },
    ],
    ['an object that contains itself', tree, { type: 'Record', attributes: { name: string } }],
  ])('of %s', ([, schema, expected]) => {
    const { required, ...type } = cedarOf(schema) ?? {};
    const wanted = expected as { required?: boolean } | undefined;
    expect(cedarOf(schema) === undefined ? undefined : { ...type, required: required ?? true }).toEqual(
      wanted === undefined ? undefined : { ...wanted, required: wanted.required ?? true },
    );
  });
});

describe('toPolicy', () => {
  const { toPolicy } = inputMapping(
    z.looseObject({
      constructor: z.string().optional(),
      at: z.iso.datetime({ local: true, offset: true }).optional(),
      price: z.number().optional(),
    }),
  );

  test('shows declared fields only, and of these only the own ones', () => {
    expect(toPolicy({ other: 'x', __entity: { type: 'Agent', id: 'admin' } } as JsonObject)).toEqual({});
    expect(toPolicy(JSON.parse('{"constructor": "text"}'))).toEqual({ constructor: 'text' });
  });

  test.for([
    [0.1, 1_000],
    [100.7, 1_007_000],
    [-0.00001, -1],
    [100.00001, 1_000_001],
    [1.00005, 10_001],
    [1e300, 9_223_372_036_854_770_000n],
    [-1e300, -9_223_372_036_854_770_000n],
  ] as const)('shows the fraction %d as %s ten-thousandths: never nearer to zero than it is', ([price, units]) => {
    expect(toPolicy({ price })).toEqual({ price: new CedarDecimal(units) });
  });

  test.for([
    ['1970-01-01T00:00:01Z', 1_000],
    ['1970-01-01T00:00:01', 1_000],
    ['1970-01-01T01:00:00+01:00', 0],
  ] as const)('reads %s as the same instant everywhere', ([at, epochMs]) => {
    expect(toPolicy({ at })).toEqual({ at: new CedarDatetime(epochMs) });
  });

  test.for([[{ price: 'x' }], [{ at: 'soon' }], [{ constructor: 1 }]])(
    'refuses %j, which its schema would not have returned',
    ([input]) => {
      expect(() => toPolicy(input as unknown as JsonObject)).toThrowError(
        expect.objectContaining({ code: 'INVALID_INPUT' }),
      );
    },
  );
});

test('a facet with the name of an input field is refused', () => {
  const operation = { operation: 'a.b.c', input: z.object({ x: z.int() }), facets: z.object({ x: z.int() }) };
  expect(() => operationMapping(operation)).toThrowError(expect.objectContaining({ code: 'CONNECTOR_INVALID' }));
});

/** A schema with values that it accepts. */
interface Sample {
  readonly schema: z.ZodType;
  readonly value: fc.Arbitrary<Json>;
}

const text = fc.string({ unit: 'grapheme' });
const name = fc.oneof(
  fc.stringMatching(/^[a-z_]{1,8}$/),
  fc.constantFrom('constructor', 'toString', 'has', 'like', 'a b', 'ü', '', '__cedar'),
);
const leaf: fc.Arbitrary<Sample> = fc.constantFrom<Sample>(
  { schema: z.string(), value: text },
  { schema: z.int(), value: fc.maxSafeInteger() },
  { schema: z.number(), value: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { schema: z.boolean(), value: fc.boolean() },
  { schema: z.enum(['a', 'b']), value: fc.constantFrom('a', 'b') },
  {
    schema: z.iso.datetime({ offset: true }),
    value: fc
      .date({ min: new Date('0000-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
      .map((date) => date.toISOString()),
  },
  { schema: z.iso.date(), value: fc.constantFrom('0000-01-01', '2024-02-29', '9999-12-31') },
  { schema: z.json(), value: fc.jsonValue() as fc.Arbitrary<Json> },
);
const { sample } = fc.letrec<{ sample: Sample; object: Sample }>((tie) => ({
  sample: fc.oneof(
    { maxDepth: 3 },
    leaf,
    tie('object'),
    leaf.map(({ schema, value }) => ({ schema: z.array(schema), value: fc.array(value, { maxLength: 4 }) })),
    tie('sample').map(({ schema, value }) => ({ schema: schema.nullable(), value: fc.option(value) })),
    fc
      .tuple(tie('sample'), tie('sample'))
      .map(([a, b]) => ({ schema: z.union([a.schema, b.schema]), value: fc.oneof(a.value, b.value) })),
  ),
  object: fc.dictionary(name, tie('sample'), { maxKeys: 4 }).map((fields) => ({
    schema: z.object(Object.fromEntries(Object.entries(fields).map(([key, { schema }]) => [key, schema]))),
    value: fc.record(
      Object.fromEntries(Object.entries(fields).map(([key, { value }]) => [key, value])),
    ) as fc.Arbitrary<Json>,
  })),
}));

test('whatever zod accepts, Cedar takes as the type that the schema declares', () => {
  const cedar = freshCedar();
  const cases = fc.dictionary(name, sample, { maxKeys: 4 }).chain((fields) => {
    const schema = z.object(Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, field.schema])));
    return fc
      .record(Object.fromEntries(Object.entries(fields).map(([key, { value }]) => [key, value])))
      .map((value) => ({ schema, value }));
  });
  fc.assert(
    fc.property(cases, ({ schema, value }) => {
      const parsed = schema.safeParse(value);
      fc.pre(parsed.success);
      const mapping = inputMapping(schema);
      const cedarSchema = {
        '': {
          entityTypes: { Agent: {}, Thing: {} },
          actions: {
            act: { appliesTo: { principalTypes: ['Agent'], resourceTypes: ['Thing'], context: mapping.cedar } },
          },
        },
      };
      const context = recordJson(mapping.toPolicy(parsed.data as JsonObject));
      const call = { context, schema: cedarSchema as never, action: { type: 'Action', id: 'act' } }; // the same format, read-only
      expect(cedar.checkParseContext(call)).toEqual({ type: 'success' });
    }),
    { numRuns: 500 },
  );
});
