// Writes the pages of docs/ whose source is code. With --check it only says whether they are current.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeErrors } from './describe-errors.ts';
import { describeLintRules } from './describe-lint-rules.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const PAGES = { 'docs/errors.md': describeErrors(), 'docs/lint.md': describeLintRules() };

for (const [page, text] of Object.entries(PAGES)) {
  const file = join(root, page);
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    console.error(`${page} is not what the sources say: run \`npm run docs\` and commit it.`);
    process.exitCode = 1;
  }
}
