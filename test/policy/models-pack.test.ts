import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import models from '../../connectors/models/index.ts';
import { SEED } from '../../connectors/models/simulator/seed.ts';
import { Registry } from '../../src/connector/registry.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { lintPolicies } from '../../src/policy/lint-policies.ts';
import { loadPolicySet } from '../../src/policy/load-policy-set.ts';
import { parsePolicyCases } from '../../src/policy/policy-case.ts';
import { reportCases, runPolicyCases } from '../../src/policy/run-policy-cases.ts';
import { decideCase } from '../../src/runtime/decide-case.ts';
import { readPolicies } from '../../src/runtime/read-policies.ts';

const ROOT = join(import.meta.dirname, '../..');
const CASES = 'policies/packs/cases/models.yaml';
const PRICE = { inputPerMillion: 15, outputPerMillion: 60_000 };

// Nothing is called: the connector is only asked what it offers.
const registry = await Registry.connect(
  [
    {
      system: 'models',
      connector: models,
      settings: { origin: 'https://models.example.com', key: 'k', models: { [SEED.models.small]: PRICE } },
    },
  ],
  { clock: systemClock, baseDirectory: ROOT, log: () => undefined },
);
const { catalog } = registry;
const PACKS = ['policies/packs/injection.cedar', 'policies/packs/models.cedar'];
const files = readPolicies(['policies/baseline', ...PACKS], ROOT);

test('the pack stands beside the baseline and the other pack without complaint', async () => {
  expect(await lintPolicies({ files, catalog })).toEqual([]);
});

test('the pack decides its cases as these say', async () => {
  const policySet = await loadPolicySet({ files, catalog });
  const cases = parsePolicyCases(CASES, readFileSync(join(ROOT, CASES), 'utf8'));
  const results = await runPolicyCases(cases, async (policyCase) => {
    const { decision } = await decideCase({ registry, catalog, policySet, now: 10_000_000 }, policyCase);
    return { decision: decision.decision, policies: decision.reasons.map(({ policy }) => policy) };
  });
  expect(reportCases(results)).toBe(`${cases.length} of ${cases.length} cases passed`);
});
