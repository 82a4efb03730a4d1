import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newDirectory, PERMIT_ALL } from '../support/test-gateway.ts';

const MAIN = join(import.meta.dirname, 'cached-start-main.ts');

function start(directory: string, policies: string, share = 0) {
  writeFileSync(join(directory, 'policies.cedar'), policies);
  return JSON.parse(execFileSync(process.execPath, [MAIN, directory, String(share)], { encoding: 'utf8' }));
}

const STRICTER = `${PERMIT_ALL} @id("never") @title("Never.") forbid(principal, action, resource);`;

test('a start with policies that an earlier one checked decides without loading the policy engine anywhere', () => {
  const directory = newDirectory();
  const first = start(directory, PERMIT_ALL);
  expect(first.threads).toContain('policy-check');
  const second = start(directory, PERMIT_ALL);
  expect(second).toMatchObject({ decision: 'allow', hash: first.hash, policies: 1, webAssemblyModules: 0 });
  expect(second.threads).toEqual(first.threads.filter((name: string) => name !== 'policy-check'));
});

test('a start with other policies checks them, and the former ones have no say', () => {
  const directory = newDirectory();
  start(directory, PERMIT_ALL);
  const changed = start(directory, STRICTER);
  expect(changed).toMatchObject({ decision: 'deny', policies: 2 });
  expect(changed.threads).toContain('policy-check');
});

test('the judge loads the policy engine with the first question that it is asked, in its own thread only', () => {
  const directory = newDirectory();
  start(directory, PERMIT_ALL);
  const judged = start(directory, PERMIT_ALL, 1);
  expect(judged).toMatchObject({ webAssemblyModules: 0, judged: { agreed: 1, differed: 0, failed: 0, dropped: 0 } });
  expect([...judged.threads, ...judged.threadsOfTheJudge]).toContain('policy-judge');
});
