import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readPolicies } from '../../src/runtime/read-policies.ts';

test('a pack is read where it is named, and not with the folder around it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'interlock-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'policies/packs'), { recursive: true });
  writeFileSync(join(folder, 'policies/own.cedar'), '');
  writeFileSync(join(folder, 'policies/packs/strict.cedar'), '');
  const names = (...paths: string[]) => readPolicies(paths, folder).map(({ name }) => name);
  expect(names('policies')).toEqual(['policies/own.cedar']);
  expect(names('policies/packs')).toEqual(['packs/strict.cedar']);
  expect(names('policies', 'policies/packs/strict.cedar')).toEqual(['policies/own.cedar', 'strict.cedar']);
});
