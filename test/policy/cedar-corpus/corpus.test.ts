import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { CorpusSummary } from './run.ts';

const CORPUS = '../shared/corpora/cedar';
const RUN = fileURLToPath(new URL('./run.ts', import.meta.url));
const SUMMARY_BYTES = 100_000_000;

test('compiled policies answer all of Cedar’s corpus as it expects, without WebAssembly', {
  timeout: 600_000,
}, async () => {
  if (!existsSync(CORPUS)) {
    console.log(`Cedar's corpus is not at ${CORPUS}: nothing is compared with it.`);
    return;
  }
  const answered = promisify(execFile)(process.execPath, [RUN, CORPUS, '--json'], { maxBuffer: SUMMARY_BYTES });
  // It fails where something differs, and then too says what.
  const { stdout } = await answered.catch((failed: { readonly stdout: string }) => failed);
  const { counts, wasm, differences } = JSON.parse(stdout) as CorpusSummary; // what it prints
  expect(differences).toEqual([]);
  expect(wasm).toEqual([]);
  const all = (requests: number) => ({ requests, compiled: requests, agreed: requests });
  expect(counts).toEqual([
    { part: 'generated', form: 'source', ...all(62_472) },
    { part: 'generated', form: 'closures', ...all(62_472) },
    { part: 'handwritten', form: 'source', ...all(74) },
    { part: 'handwritten', form: 'closures', ...all(74) },
    { part: 'use cases', form: 'source', ...all(46) },
    { part: 'use cases', form: 'closures', ...all(46) },
  ]);
});
