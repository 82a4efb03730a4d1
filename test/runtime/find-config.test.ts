import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findConfig, findDevConfig } from '../../src/runtime/find-config.ts';
import { newDirectory } from '../support/test-gateway.ts';

test('a folder without a configuration has none, except for dev', () => {
  const directory = newDirectory();
  expect(() => findConfig(undefined, directory)).toThrowError(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  expect(findDevConfig(undefined, directory).data).toBe(join(directory, '.interlock'));
});

test('what dev left in such a folder is found by the commands that look at it', () => {
  const directory = newDirectory();
  mkdirSync(join(directory, '.interlock'));
  expect(findConfig(undefined, directory)).toEqual(findDevConfig(undefined, directory));
});

test('a configuration of the folder comes first', () => {
  const directory = newDirectory();
  mkdirSync(join(directory, '.interlock'));
  writeFileSync(join(directory, 'interlock.yaml'), 'data: mine\n');
  expect(findConfig(undefined, directory).data).toBe('mine');
  expect(findDevConfig(undefined, directory).data).toBe('mine');
});
