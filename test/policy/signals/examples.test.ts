import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Registry } from '../../../src/connector/registry.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { loadPolicySet } from '../../../src/policy/load-policy-set.ts';
import { parsePolicyCases } from '../../../src/policy/policy-case.ts';
import { reportCases, runPolicyCases } from '../../../src/policy/run-policy-cases.ts';
import { decideCase } from '../../../src/runtime/decide-case.ts';
import { DeskSystem, deskConnector } from '../../gate/desk-connector.ts';
import { PERMIT_ALL } from '../../support/test-gateway.ts';

const DOCS = new URL('../../../docs/signals.md', import.meta.url);
const CASES = new URL('./cases/', import.meta.url);

interface Example {
  /** The name of its cases. */
  readonly slug: string;
  readonly signals: string;
  readonly policies: string;
}

/** The examples as the documentation has them: a heading, a block of signals and one of policies. */
function examplesIn(text: string): readonly Example[] {
  const [, ...sections] = text.split(/^### /m);
  return sections.map((section) => {
    const [title = ''] = section.split('\n');
    const block = (language: string) => new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'ms').exec(section)?.[1] ?? '';
    return {
      slug: title.toLowerCase().replaceAll(',', '').replaceAll(' ', '-'),
      signals: block('yaml'),
      policies: block('cedar'),
    };
  });
}

const examples = examplesIn(readFileSync(DOCS, 'utf8'));

const registry = await Registry.connect(
  [{ system: 'desk', connector: deskConnector(new DeskSystem()), settings: {} }],
  { clock: systemClock, baseDirectory: '.', log: () => undefined },
);
const { catalog } = registry;

test('every example of the documentation has cases, and the other way round', () => {
  const files = readdirSync(CASES).map((file) => file.replace('.yaml', ''));
  expect(files.sort()).toEqual(examples.map(({ slug }) => slug).sort());
});

describe.each(examples)('the example $slug', ({ slug, signals, policies }) => {
  test('decides each of its cases as it says, the near misses too', async () => {
    const files = [
      { name: 'example.signals.yaml', text: signals },
      { name: 'example.cedar', text: `${PERMIT_ALL}\n${policies}` },
    ];
    const policySet = await loadPolicySet({ files, catalog });
    const cases = parsePolicyCases(slug, readFileSync(new URL(`${slug}.yaml`, CASES), 'utf8'));
    const results = await runPolicyCases(cases, async (policyCase) => {
      const parts = { registry, catalog, policySet, now: Date.UTC(2026, 0, 15) };
      const { decision } = await decideCase(parts, policyCase);
      return { decision: decision.decision, policies: decision.reasons.map(({ policy }) => policy) };
    });
    expect(
      results.filter(({ passed }) => !passed),
      reportCases(results),
    ).toEqual([]);
    expect(new Set(results.map(({ case: { expect: expected } }) => expected.decision)).size).toBeGreaterThan(1);
  });
});
