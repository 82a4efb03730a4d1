import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import okta from '../../connectors/okta/index.ts';
import servicenow from '../../connectors/servicenow/index.ts';
import workday from '../../connectors/workday/index.ts';
import { Registry } from '../../src/connector/registry.ts';
import { decide } from '../../src/gate/decide.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { caseHistory } from '../../src/policy/case-history.ts';
import { evaluateAction } from '../../src/policy/evaluate-action.ts';
import { lintPolicies } from '../../src/policy/lint-policies.ts';
import { loadPolicySet } from '../../src/policy/load-policy-set.ts';
import { operationMapping } from '../../src/policy/operation-mapping.ts';
import { type PolicyCase, parsePolicyCases } from '../../src/policy/policy-case.ts';
import { type DecideCase, reportCases, runPolicyCases, untestedPolicies } from '../../src/policy/run-policy-cases.ts';
import { catalog as otherCatalog } from './catalog.ts';
import { viewOf } from './question.ts';

const root = new URL('../../policies/', import.meta.url).pathname;
const filesIn = (folder: string, extension: string) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith(extension))
    .map((name) => ({ name: join(folder, name), text: readFileSync(join(root, folder, name), 'utf8') }));

const baseline = filesIn('baseline', '.cedar');
const files = [...baseline, ...filesIn('', '.cedar')];
const cases = filesIn('cases', '.yaml').flatMap(({ name, text }) => parsePolicyCases(name, text));

// Nothing is called: the connectors are only asked what they offer.
const registry = await Registry.connect(
  [
    {
      system: 'servicenow',
      connector: servicenow,
      settings: { origin: 'https://desk.example.com', username: 'u', password: 'p' },
    },
    { system: 'okta', connector: okta, settings: { origin: 'https://id.example.com', token: 't' } },
    {
      system: 'workday',
      connector: workday,
      settings: {
        origin: 'https://hr.example.com',
        tenant: 'acme',
        grant: 'client-credentials',
        clientId: 'c',
        clientSecret: 's',
      },
    },
  ],
  { clock: systemClock, baseDirectory: root, log: () => undefined },
);
const { catalog } = registry;
const policySet = await loadPolicySet({ files, catalog });
const mappings = new Map(catalog.operations.map((operation) => [operation.operation, operationMapping(operation)]));

const decideCase: DecideCase = (policyCase) => {
  const { operation, input, agent } = policyCase.action;
  const view = viewOf(caseHistory(policyCase));
  const principal = { tenant: 'tenant', workflow: 'workflow', session: agent, agent, onBehalfOf: 'user' };
  const action = registry.normalise({ call: { operation, input }, id: 'action', mode: 'run', principal });
  const mapping = mappings.get(operation);
  if (mapping === undefined) throw new Error(`no mapping for ${operation}`);
  const now = 10_000_000;
  const { decision } = decide({
    action,
    view,
    freezes: view.freezes,
    now,
    policySet,
    evaluate: (candidate) =>
      evaluateAction({ action: candidate, view, now, mapping }, (request) => policySet.evaluator.evaluate(request)),
    unseen: () => [],
    withInput: (candidate, changed) => registry.withInput(candidate, changed),
  });
  return { decision: decision.decision, policies: decision.reasons.map(({ policy }) => policy) };
};

describe('the policies that come with Interlock', () => {
  test('have nothing that the linter would complain about', async () => {
    expect(await lintPolicies({ files: [...files, ...filesIn('packs', '.cedar')], catalog })).toEqual([]);
  });

  test.for([
    ['systems that it does not know', otherCatalog],
    ['no system at all', { systems: [], labels: [], operations: [], resourceTypes: [] }],
  ] as const)('load as a baseline beside %s', async ([, of]) => {
    expect((await loadPolicySet({ files: baseline, catalog: of })).policies.size).toBeGreaterThan(10);
  });

  test('decide their cases as these say, and none stands without one', async () => {
    const results = await runPolicyCases(cases, decideCase);
    expect(reportCases(results)).toBe(`${cases.length} of ${cases.length} cases passed`);
    expect(untestedPolicies(policySet.policies.keys(), results)).toEqual([]);
  });
});

const forbidsIn = ({ expect: { policies = [] } }: PolicyCase) =>
  policies.filter((id) => policySet.policies.get(id)?.effect === 'forbid');
const familyOf = ({ file, name }: PolicyCase) => `${file} ${name.split(', but ')[0]}`;

test.for([...policySet.policies.values()].filter(({ effect }) => effect === 'forbid').map(({ id }) => id))(
  '%s has a case that it stops, and a sibling of it that it does not',
  (id) => {
    const stopped = cases.filter((policyCase) => forbidsIn(policyCase).includes(id));
    const saved = cases.filter(
      (policyCase) => policyCase.expect.policies !== undefined && !forbidsIn(policyCase).includes(id),
    );
    expect(stopped.some((one) => saved.some((other) => familyOf(other) === familyOf(one)))).toBe(true);
  },
);
