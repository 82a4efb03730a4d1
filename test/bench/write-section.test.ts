import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withSection } from '../../bench/write-section.ts';

const PAGE =
  'before\n<!-- one run of a -->\nold\n<!-- end of a -->\nbetween\n<!-- one run of b -->\n<!-- end of b -->\n';

test('a run replaces the one before it, and nothing else', () => {
  const once = withSection(PAGE, 'a', 'new');
  expect(once).toBe(
    'before\n<!-- one run of a -->\n\nnew\n\n<!-- end of a -->\nbetween\n<!-- one run of b -->\n<!-- end of b -->\n',
  );
  expect(withSection(once, 'a', 'new')).toBe(once);
});

test('a page without a place for the bench is left alone', () => {
  expect(() => withSection(PAGE, 'c', 'new')).toThrow('no place for a run of c');
});

test('the page has a place for every bench that measures', () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'benchmarks.md'), 'utf8');
  for (const bench of ['decide', 'gate', 'stages', 'view', 'load', 'append'])
    expect(withSection(page, bench, 'new'), bench).toContain(`<!-- one run of ${bench} -->\n\nnew\n`);
});
