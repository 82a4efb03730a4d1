import type { Catalog } from '../action/operation-descriptor.ts';
import { isJsonObject, type Json } from '../lib/json.ts';
import { type CheckedPolicy, checkPolicies, type PolicyFile } from './check-policies.ts';
import { lostPaths } from './lost-paths.ts';
import type { PolicyProblem } from './split-policies.ts';

interface Source {
  readonly files: readonly PolicyFile[];
  readonly catalog: Catalog;
}

/**
 * Every problem of a set in the order of files and lines: what loading refuses, and arithmetic that can overflow.
 * Throws CONNECTOR_INVALID.
 */
export async function lintPolicies({ files, catalog }: Source): Promise<readonly PolicyProblem[]> {
  const { schema, policies, problems } = await checkPolicies({ files, catalog });
  const found = policies.flatMap((policy) => [...arithmeticOf(policy), ...lostPaths(policy, { schema, catalog })]);
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
