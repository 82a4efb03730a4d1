import { expect, test } from 'vitest';
import { z } from 'zod';
import { explainIssues } from '../../src/lib/explain-issues.ts';

const schema = z.strictObject({
  port: z.int().optional(),
  servers: z.array(z.strictObject({ address: z.string() })).optional(),
  systems: z.record(z.string(), z.strictObject({ settings: z.string() })).optional(),
});

const CASES: readonly (readonly [string, unknown, string])[] = [
  ['a letter is missing', { prt: 1 }, '✖ Unknown key: "prt" (did you mean "port"?)'],
  ['neighbours are swapped', { prot: 1 }, '✖ Unknown key: "prot" (did you mean "port"?)'],
  ['the case differs', { PORT: 1 }, '✖ Unknown key: "PORT" (did you mean "port"?)'],
  ['nothing is like it', { banana: 1 }, '✖ Unknown key: "banana"'],
  [
    'it stands in a list',
    { servers: [{ address: 'a', adress: 'b' }] },
    '"adress" (did you mean "address"?)\n  → at servers[0]',
  ],
  [
    'it stands under a free name',
    { systems: { a: { setings: 'b', settings: 'c' } } },
    '"setings" (did you mean "settings"?)\n  → at systems.a',
  ],
  ['only a value is wrong', { port: 'x' }, 'expected number'],
];

for (const [what, value, words] of CASES) {
  test(`of a key that the schema does not know, the nearest that it knows is told, also when ${what}`, () => {
    const { error } = schema.safeParse(value);
    expect(error && explainIssues(schema, error)).toContain(words);
  });
}
