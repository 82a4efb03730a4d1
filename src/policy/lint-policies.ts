import type { Catalog } from '../action/operation-descriptor.ts';
import { type CheckedPolicies, checkPolicies } from './check-policies.ts';
import type { CheckedPolicy, PolicyFile } from './checked-policy.ts';
import type { CedarSchema } from './generate-schema.ts';
import { conditionFindings } from './lint/condition-findings.ts';
import { environmentsOf } from './lint/environment.ts';
import { EnvironmentIndex } from './lint/environment-index.ts';
import { type Finding, finding, placeAndId } from './lint/finding.ts';
import { TooComplex } from './lint/interpreter.ts';
import { type LintedPolicy, lintedPolicy } from './lint/linted-policy.ts';
import { type ObligationParts, obligationFindings } from './lint/obligation-findings.ts';
import { observe } from './lint/observations.ts';
import { pairFindings } from './lint/pair-findings.ts';
import { permitFindings } from './lint/permit-findings.ts';
import { lostPaths } from './lost-paths.ts';

interface Source extends Pick<ObligationParts, 'groups'> {
  readonly files: readonly PolicyFile[];
  readonly catalog: Catalog;
}

/**
 * Everything that is wrong or suspicious in a set, in the order of files and lines: what loading refuses, and what loads
 * and is a mistake all the same. Throws CONNECTOR_INVALID.
 */
export async function lintPolicies({ files, ...scope }: Source): Promise<readonly Finding[]> {
  return lintChecked(await checkPolicies({ files, catalog: scope.catalog }), scope);
}

type Scope = Omit<Source, 'files'>;

/** The same of policies that were checked already. */
export function lintChecked(
  { schema, policies, problems }: CheckedPolicies,
  { catalog, groups }: Scope,
): readonly Finding[] {
  const lost = new Map(policies.map((policy) => [policy, lostPaths(policy, { schema, catalog })]));
  const accepted = policies.filter((policy) => lost.get(policy)?.length === 0);
  const refused = [...problems, ...[...lost.values()].flat()];
  return [
    ...refused.map((problem) => finding(problem, { rule: 'refused', ...problem })),
    ...lintAccepted(accepted, { schema, catalog, groups }),
  ].sort(byPlace);
}

/** What is wrong with policies that can load. */
function lintAccepted(
  policies: readonly CheckedPolicy[],
  { schema, catalog, groups }: Scope & { readonly schema: CedarSchema },
): readonly Finding[] {
  const index = new EnvironmentIndex(environmentsOf(schema, catalog));
  const operations = new Map(catalog.operations.map((operation) => [operation.operation, operation]));
  const found: Finding[] = [];
  const understood: LintedPolicy[] = [];
  for (const checked of policies) {
    try {
      const policy = lintedPolicy(checked);
      const observed = observe(policy, index);
      found.push(
        ...conditionFindings(policy, observed),
        ...obligationFindings(policy, observed, { operations, groups }),
      );
      if (observed.holding.length > 0) understood.push(policy);
    } catch (thrown) {
      if (!(thrown instanceof TooComplex)) throw thrown;
      const problem = 'the policy takes too long to look into, so nothing is said of it';
      found.push(finding(placeAndId({ checked }), { rule: 'too-complex', problem }));
    }
  }
  return [...found, ...pairFindings(understood, index), ...permitFindings(understood, index)];
}

function byPlace(a: Finding, b: Finding): number {
  return a.place.localeCompare(b.place, 'en', { numeric: true }) || a.rule.localeCompare(b.rule, 'en');
}
