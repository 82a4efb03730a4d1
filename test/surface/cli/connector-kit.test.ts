import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ALL_CHECKS } from '../../../src/runtime/conformance/all-checks.ts';
import { interlock } from './cli.ts';
import { folderOf } from './folder.ts';

const CONNECTORS = join(import.meta.dirname, '../../../connectors');
const TEMPLATE = join(import.meta.dirname, '../../../src/runtime/new-connector/template');
const folder = folderOf({});
afterAll(() => folder.remove());

/** A connector outside this repository, one of whose files reads otherwise. */
function connectorWith(name: string, file: string, change: (text: string) => string): string {
  const target = join(folder.cwd, name);
  cpSync(TEMPLATE, target, { recursive: true });
  for (const each of ['index', 'failure-of', 'ticket', 'operations', 'writes', 'simulator', 'conformance']) {
    const path = join(target, `${each}.ts`);
    const source = readFileSync(path, 'utf8').replaceAll('../../../connector/', join(CONNECTORS, '../src/connector/'));
    writeFileSync(path, `${each}.ts` === file ? change(source) : source);
  }
  return `./${name}`;
}

const run = (...args: string[]) => interlock(args, { cwd: folder.cwd });

describe('connector test', () => {
  test('ends with 0 where every check passes, and counts them', async () => {
    const { code, stdout } = await run(
      'connector',
      'test',
      connectorWith('good', '', (text) => text),
      '--json',
    );
    const report = JSON.parse(stdout);
    expect({ code, ...report }).toMatchObject({ code: 0, system: 'tracker', operations: 5, failed: 0, bypassed: 1 });
    expect(report.checks.map(({ check }: { check: string }) => check)).toEqual(ALL_CHECKS.map(({ name }) => name));
  });

  test('ends with 1 where one fails, and says which and why', async () => {
    const broken = connectorWith('broken', 'failure-of.ts', (text) => text.replace('status === 429', 'status === 428'));
    const { code, stdout } = await run('connector', 'test', broken);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^✗ rate-limits: .*\n {4}failed: 429 \(retry-after\): its code is EXECUTION_FAILED$/m);
    expect(stdout).toMatch(/\ntracker: 5 operations, 13 passed, 1 failed, 1 bypassed\n$/);
  });

  test.each([
    ['./nowhere', /CONNECTOR_INVALID: the connector \.\/nowhere cannot be loaded/],
    ['mcp', /CONNECTOR_INVALID: mcp has no conformance\.ts beside it/],
  ])('ends with 3 for %s, which cannot be tested', async (connector, says) => {
    const { code, stderr } = await run('connector', 'test', connector);
    expect(code).toBe(3);
    expect(stderr).toMatch(says);
  });
});

describe('connector describe', () => {
  test('says what the file beside the connector says', async () => {
    const { code, stdout } = await run('connector', 'describe', 'servicenow', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(
      JSON.parse(readFileSync(join(CONNECTORS, 'servicenow/descriptor.json'), 'utf8')),
    );
  });
});

describe('connector new', () => {
  test('writes a folder, and not twice', async () => {
    expect((await run('connector', 'new', 'pager')).code).toBe(0);
    const again = await run('connector', 'new', 'pager');
    expect(again.code).toBe(3);
    expect(again.stderr).toContain('./pager is there already');
  });
});
