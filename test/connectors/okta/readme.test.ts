import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import fixtures from '../../../connectors/okta/conformance.ts';
import { type OktaWorld, openWorld } from './okta-world.ts';

const page = readFileSync(new URL('../../../connectors/okta/README.md', import.meta.url), 'utf8');
const rows = new Map(
  [...page.matchAll(/^\| `([\w.-]+)` +\|(.*)\|$/gm)].map(([, name = '', cells = '']) => [
    name,
    cells.split('|').map((cell) => cell.trim()),
  ]),
);

let world: OktaWorld;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test('the page lists every operation and no other', () => {
  expect([...rows.keys()].map((name) => `okta.${name}`).sort()).toEqual(
    fixtures.samples.map(({ operation }) => operation).sort(),
  );
});

test.each(fixtures.samples)('the page says of $operation what its declaration says', ({ operation }) => {
  const definition = world.operation(operation);
  const [effect = '', reversible = '', undo = '', repeat = '', evidence = ''] =
    rows.get(operation.slice('okta.'.length)) ?? [];
  const marks = definition.evidence.map(({ mark }) => mark);
  if (definition.kind === 'read') {
    expect([effect, reversible, undo, repeat].join('|')).toMatch(/^read(?:: [^|]*)?\|\|\|read-only$/);
  } else {
    if (operation !== 'okta.group.assign-role')
      for (const kind of definition.effectKinds) expect(effect).toContain(kind);
    expect(repeat).toContain(definition.repeat.class);
    expect(undo.includes('none')).toBe(typeof definition.undo !== 'function');
    marks.push(definition.repeat.evidence.mark);
  }
  expect(
    evidence
      .split(',')
      .map((mark) => mark.trim())
      .sort(),
  ).toEqual([...new Set(marks)].sort());
});
