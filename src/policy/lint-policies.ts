import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import { isTransformation, type Transformation } from '../action/obligation.ts';
import type { Catalog, OperationDescriptor } from '../action/operation-descriptor.ts';
import { isJsonObject, type Json } from '../lib/json.ts';
import { parsePath } from '../lib/json-path.ts';
import { type CheckedPolicy, checkPolicies, type PolicyFile } from './check-policies.ts';
import { formatUnless } from './format-unless.ts';
import type { CedarSchema } from './generate-schema.ts';
import { schemaHasPath } from './schema-has-path.ts';
import type { PolicyProblem } from './split-policies.ts';

interface Source {
  readonly files: readonly PolicyFile[];
  readonly catalog: Catalog;
}

/**
 * Every problem of a set in the order of files and lines: what loading refuses, and what it cannot see: arithmetic that
 * can overflow, and obligations on fields that no operation in the policy's scope has. Throws CONNECTOR_INVALID.
 */
export async function lintPolicies({ files, catalog }: Source): Promise<readonly PolicyProblem[]> {
  const { schema, policies, problems } = await checkPolicies({ files, catalog });
  const found = policies.flatMap((policy) => [...arithmeticOf(policy), ...lostPathsOf(policy, { schema, catalog })]);
  return [...problems, ...found].sort(byPlace);
}

function byPlace(a: PolicyProblem, b: PolicyProblem): number {
  return a.place.localeCompare(b.place, 'en', { numeric: true });
}

function problemOf({ description }: CheckedPolicy, problem: string, remedy: string): PolicyProblem {
  return { place: description.place, policy: description.id, problem, remedy };
}

const ARITHMETIC = new Set(['+', '-', '*', 'neg']);

function arithmeticOf(policy: CheckedPolicy): readonly PolicyProblem[] {
  if (policy.json.effect !== 'forbid' || !hasKey(policy.json.conditions as unknown as Json, ARITHMETIC)) return []; // Cedar's JSON is JSON
  const remedy =
    'Compare with context.remaining or with a constant: an overflow is an error, and an error denies every action in scope.';
  return [problemOf(policy, 'the forbid computes, and what it computes can overflow', remedy)];
}

function hasKey(value: Json, keys: ReadonlySet<string>): boolean {
  if (Array.isArray(value)) return value.some((item) => hasKey(item, keys));
  if (!isJsonObject(value)) return false;
  return Object.entries(value).some(([key, child]) => keys.has(key) || hasKey(child, keys));
}

interface Scope {
  readonly schema: CedarSchema;
  readonly catalog: Catalog;
}

function lostPathsOf(policy: CheckedPolicy, { schema, catalog }: Scope): readonly PolicyProblem[] {
  const inScope = operationsOf(policy.json, schema);
  const operations = catalog.operations.filter(({ operation }) => inScope.has(operation));
  return policy.description.unless.filter(isTransformation).flatMap((obligation) => {
    if (operations.length === 0 || operations.some((operation) => canApply(obligation, operation))) return [];
    const problem = `no operation in its scope has ${obligation.path}`;
    return [
      problemOf(
        policy,
        problem,
        `Correct the path in ${formatUnless([obligation])}: as it is, the obligation changes nothing.`,
      ),
    ];
  });
}

function canApply({ path }: Transformation, { input, output }: OperationDescriptor): boolean {
  const { root, steps } = parsePath(path);
  return schemaHasPath(root === 'input' ? input : output, steps);
}

/** The operations that the policy's head admits. */
function operationsOf({ action }: PolicyJson, schema: CedarSchema): ReadonlySet<string> {
  const actions = Object.entries(schema.json['']?.actions ?? {});
  if (action.op === 'All') return new Set(actions.map(([id]) => id));
  const named = new Set(entitiesIn(action));
  return new Set(
    actions
      .filter(([id, { memberOf = [] }]) => named.has(id) || memberOf.some((group) => named.has(group.id)))
      .map(([id]) => id),
  );
}

function entitiesIn(constraint: Exclude<PolicyJson['action'], { op: 'All' }>): readonly string[] {
  const entities = 'entities' in constraint ? constraint.entities : 'entity' in constraint ? [constraint.entity] : [];
  return entities.map((uid) => ('__entity' in uid ? uid.__entity.id : uid.id));
}
