import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { judgesOf } from '../../src/connector/conformance/effect-cases.ts';
import type { ConformanceFixtures } from '../../src/connector/conformance/fixtures.ts';

const ROOT = join(import.meta.dirname, '../..');
const SYSTEMS = globSync('connectors/*/conformance.ts', { cwd: ROOT }).map((file) =>
  dirname(file).slice('connectors/'.length),
);

async function fixturesOf(system: string): Promise<ConformanceFixtures> {
  return (await import(join(ROOT, 'connectors', system, 'conformance.ts'))).default;
}

const textOf = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');

/** The file that puts the vendor's SDK beside the connector, and those that read the vendor's description. */
const sdkJudge = (system: string): string => textOf(join(ROOT, 'test/judges', `${system}.judge.ts`));
const descriptionReaders = (system: string): readonly string[] =>
  globSync(`test/connectors/${system}/*.ts`, { cwd: ROOT }).filter((file) =>
    textOf(join(ROOT, file)).includes('specs'),
  );

describe.each(SYSTEMS)('who judges %s', (system) => {
  test('is there: an operation that an SDK is said to judge stands in its judge', async () => {
    const fixtures = await fixturesOf(system);
    const names = [...new Set(fixtures.samples.map(({ operation }) => operation))];
    const claimed = names.filter((name) => judgesOf(fixtures, name).includes('sdk'));
    const judge = sdkJudge(system);
    // In full, without the system, or as a template for all verbs of a noun.
    const isJudged = (name: string): boolean => {
      const [, noun = '', verb = ''] = name.split('.');
      return [`'${name}'`, `'${noun}.${verb}'`, `.${noun}.\${`].some((written) => judge.includes(written));
    };
    expect(claimed.filter((name) => !isJudged(name))).toEqual([]);
  });

  test('is there: a description that is said to judge is read by a test', async () => {
    const fixtures = await fixturesOf(system);
    const claims = fixtures.samples.some(({ operation }) => judgesOf(fixtures, operation).includes('description'));
    expect(!claims || descriptionReaders(system).length > 0).toBe(true);
  });

  test('is named for operations that exist', async () => {
    const fixtures = await fixturesOf(system);
    const names = new Set(['*', ...fixtures.samples.map(({ operation }) => operation)]);
    expect(Object.keys(fixtures.judgedBy ?? {}).filter((name) => !names.has(name))).toEqual([]);
  });
});
