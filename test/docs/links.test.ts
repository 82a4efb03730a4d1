import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const PAGES = globSync(['*.md', '{docs,connectors,policies,bench,demo}/**/*.md'], {
  cwd: ROOT,
  exclude: ['**/node_modules'],
});
const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

/** As GitHub names the places of a page: lower case, words joined by hyphens, punctuation gone. */
function anchorsOf(page: string): readonly string[] {
  const headings = read(page).matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, text = '']) =>
    text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Relative links that lead nowhere. Code blocks hold no links. */
function brokenLinks(page: string): readonly string[] {
  const text = read(page).replaceAll(/```.*?```/gs, '');
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [file = '', anchor] = target.split('#');
      const path = file === '' ? page : join(dirname(page), file);
      if (!existsSync(join(ROOT, path))) return true;
      return anchor !== undefined && path.endsWith('.md') && !anchorsOf(path).includes(anchor);
    });
}

describe('links in the docs', () => {
  test('are looked for in every page', () => {
    expect(PAGES).toEqual(expect.arrayContaining(['README.md', 'ARCHITECTURE.md', 'docs/errors.md']));
  });

  test.each(PAGES)('lead somewhere: %s', (page) => {
    expect(brokenLinks(page)).toEqual([]);
  });
});
