import { isDeepStrictEqual } from 'node:util';
import { InterlockError } from '../../../lib/errors.ts';
import type { Enricher } from '../../contract.ts';
import type { Check } from '../check.ts';
import type { FactSample } from '../fixtures.ts';
import type { Subject } from '../subject.ts';
import { wordsOf } from '../words-of.ts';

/** Subjects that no system knows; some would be another path. */
const UNKNOWN: readonly string[] = ['nobody-of-this-name', '../x', '%2e%2e%2fx', '', 'a'.repeat(300)];

/** Looking something up twice is looking it up: nothing happens, and the answer is the same. */
export const enrichersCheck: Check = {
  name: 'enrichers',
  rule: 'an enricher only reads, says the same twice, survives a subject that nobody knows, and gives declared labels',
  needs: 'declaration',
  async run(subject) {
    const { enrichers } = subject;
    if (enrichers.length === 0) return { notApplicable: 'the connector declares no enrichers' };
    const samples = subject.fixtures.facts ?? [];
    const problems = [...declarationProblems(enrichers, samples), ...labelProblems(subject, samples)];
    for (const sample of samples) problems.push(...(await lookUpTwice(subject, sample)));
    for (const enricher of enrichers) problems.push(...(await lookUpUnknown(subject, enricher)));
    return { cases: samples.length + enrichers.length * UNKNOWN.length, problems };
  },
};

function declarationProblems(enrichers: readonly Enricher[], samples: readonly FactSample[]): readonly string[] {
  return enrichers.flatMap(({ name, evidence, ttlMs }) => [
    ...(samples.some((sample) => sample.name === name) ? [] : [`${name}: has no sample in \`facts\``]),
    ...(evidence.length === 0 ? [`${name}: no evidence`] : []),
    ...(ttlMs > 0 ? [] : [`${name}: counts for no time`]),
  ]);
}

/** What gives labels shows which, and gives no others than the connector declares. */
function labelProblems({ enrichers, labels: declared }: Subject, samples: readonly FactSample[]): readonly string[] {
  return enrichers.flatMap(({ name, labels: labelsOf }) => {
    if (labelsOf === undefined) return [];
    const shown = samples.flatMap(({ name: of, value, labels }) =>
      of === name && value !== undefined ? [{ value, wanted: labels, given: [...labelsOf(value)].sort() }] : [],
    );
    return [
      ...(shown.some(({ given }) => given.length > 0) ? [] : [`${name}: no sample of it gives a label`]),
      ...shown
        .filter(({ wanted, given }) => wanted === undefined || !isDeepStrictEqual([...wanted].sort(), given))
        .map(({ value, given }) => `${name}: ${JSON.stringify(value)} gives the labels ${JSON.stringify(given)}`),
      ...shown
        .flatMap(({ given }) => given.filter((label) => !declared.includes(label)))
        .map((label) => `${name}: gives the label ${label}, which its connector does not declare`),
    ];
  });
}

function lookUpTwice(subject: Subject, { name, subject: about, value }: FactSample): Promise<readonly string[]> {
  return subject.world(async (world) => {
    const before = world.effects().length;
    const said = [await world.lookUp(name, about), await world.lookUp(name, about)];
    return [
      ...said
        .filter((each) => !isDeepStrictEqual(each, value))
        .map((each) => `${name} of ${about.id}: says ${JSON.stringify(each)} instead of ${JSON.stringify(value)}`),
      ...(world.effects().length > before ? [`${name}: has an effect`] : []),
    ];
  });
}

/** It knows nothing, or fails as a lookup does. */
function lookUpUnknown(subject: Subject, { name, about }: Enricher): Promise<readonly string[]> {
  return subject.world(async (world) => {
    const problems: string[] = [];
    const type = typeof about === 'string' ? about : (about[0] ?? 'user');
    for (const id of UNKNOWN) {
      const problem = await world.lookUp(name, { type, id }).then(
        () => undefined,
        (thrown: unknown) => (thrown instanceof InterlockError ? undefined : wordsOf(thrown)),
      );
      if (problem !== undefined) problems.push(`${name} of ${JSON.stringify(id.slice(0, 40))}: ${problem}`);
    }
    return problems;
  });
}
