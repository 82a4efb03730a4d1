// Writes the pages of docs/ and of the connectors whose source is code. With --check it only says whether they are
// current; a descriptor that takes something away is written with --breaking only.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeConnectors } from './describe-connectors.ts';
import { describeErrors } from './describe-errors.ts';
import { describeLintRules } from './describe-lint-rules.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const connectors = await describeConnectors();
const pages = { 'docs/errors.md': describeErrors(), 'docs/lint.md': describeLintRules(), ...connectors.pages };
const isCheck = process.argv.includes('--check');

if (connectors.breaking.length > 0 && !process.argv.includes('--breaking')) {
  console.error(`This breaks who relied on it:\n  ${connectors.breaking.join('\n  ')}`);
  console.error('Take it back, or run `npm run docs -- --breaking` and say so in the changelog.');
  process.exitCode = 1;
} else {
  for (const [page, text] of Object.entries(pages)) {
    const file = join(root, page);
    if (!isCheck) writeFileSync(file, text);
    else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
      console.error(`${page} is not what the sources say: run \`npm run docs\` and commit it.`);
      process.exitCode = 1;
    }
  }
}
// Simulated systems are closed; connections that are kept alive would keep the process for seconds.
process.exit();
