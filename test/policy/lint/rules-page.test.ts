import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeLintRules } from '../../../tools/describe-lint-rules.ts';

test('the page of the rules is what the sources say; npm run docs writes it', () => {
  expect(readFileSync(new URL('../../../docs/lint.md', import.meta.url), 'utf8')).toBe(describeLintRules());
});
