import { setImmediate } from 'node:timers/promises';
import type { Catalog } from '../action/operation-descriptor.ts';
import type { PolicySet } from '../action/policy-port.ts';
import { digestOf } from '../lib/digest.ts';
import { InterlockError } from '../lib/errors.ts';
import { checkText } from './check-policies.ts';
import type { CheckedPolicy, PolicyFile } from './checked-policy.ts';
import { compileMeanwhile } from './compiled/compile-policies.ts';
import { type CedarSchema, generateSchema } from './generate-schema.ts';
import { lostPaths } from './lost-paths.ts';
import { readPaths } from './read-paths.ts';
import { describeActions } from './sets/describe-actions.ts';
import { type PolicySetCache, policySetKey } from './sets/policy-set-cache.ts';
import { type ReferenceSource, referenceSource } from './sets/reference-source.ts';
import { decodePolicies } from './sets/stored-policies.ts';
import { checkSignals, isSignalFile, type SignalCatalog } from './signals/check-signals.ts';
import { declaredIn, signalPlan } from './signals/signal-plan.ts';
import type { PolicyProblem } from './split-policies.ts';

interface Source {
  readonly files: readonly PolicyFile[];
  readonly catalog: Catalog;
  /** Spares the check of what was checked before. */
  readonly cache?: PolicySetCache | undefined;
}

export interface LoadedPolicySet extends PolicySet {
  /** What the reference evaluator of the same policies is made from. */
  readonly reference: ReferenceSource;
}

/**
 * One whole, checked and compiled policy set; an empty one permits nothing. Throws POLICY_INVALID with every problem in
 * `data.problems` (see PolicyProblem), and CONNECTOR_INVALID where the catalog has no schema.
 */
export async function loadPolicySet({ files, catalog, cache }: Source): Promise<LoadedPolicySet> {
  const signals = checkSignals(files, catalog);
  refuse(signals.problems);
  const schema = generateSchema(catalog, signals);
  const key = cache && policySetKey(cache, schema, files);
  const kept = key && cache?.read(key);
  const keptPolicies = kept === undefined ? undefined : await decodePolicies(kept);
  if (keptPolicies !== undefined) {
    refuse(await allLostPaths(keptPolicies, { schema, catalog }));
    return await assemble(schema, keptPolicies, signals);
  }
  const { problems, text } = await checkText(
    schema,
    files.filter((file) => !isSignalFile(file)),
  );
  const policies = await decodePolicies(text);
  if (policies === undefined)
    throw new InterlockError('INTERNAL', 'the check of the policies answers in no known form');
  refuse([...problems, ...(await allLostPaths(policies, { schema, catalog }))]);
  const set = await assemble(schema, policies, signals);
  if (key !== undefined) await cache?.write(key, text);
  return set;
}

/** Policies looked at before others have their turn: an obligation is compared with every operation in its scope. */
const LOOKED_AT_ONCE = 50;

/** Not part of what is kept: it depends on what operations answer with, which the schema does not show. */
async function allLostPaths(
  policies: readonly CheckedPolicy[],
  scope: Parameters<typeof lostPaths>[1],
): Promise<readonly PolicyProblem[]> {
  const problems: PolicyProblem[] = [];
  for (const [at, policy] of policies.entries()) {
    if (at % LOOKED_AT_ONCE === LOOKED_AT_ONCE - 1) await setImmediate();
    problems.push(...lostPaths(policy, scope));
  }
  return problems;
}

function refuse(problems: readonly PolicyProblem[]): void {
  const [first] = problems;
  if (first === undefined) return;
  const more = problems.length === 1 ? '' : ` (and ${problems.length - 1} more)`;
  throw new InterlockError('POLICY_INVALID', `${first.place}: ${first.problem}${more}`, { data: { problems } });
}

async function assemble(
  schema: CedarSchema,
  policies: readonly CheckedPolicy[],
  signals: SignalCatalog,
): Promise<LoadedPolicySet> {
  const texts = policies
    .map(({ description, statement }) => [description.id, statement.text] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const jsonOf = new Map(policies.map(({ description, json }) => [description.id, json]));
  return {
    hash: digestOf({ schema: schema.hash, policies: texts, ...declaredIn(signals) }),
    signals: signalPlan(signals, policies, schema),
    policies: new Map(policies.map(({ description }) => [description.id, description])),
    reads: (id) => readPaths(jsonOf.get(id) ?? { conditions: [] }),
    evaluator: await compileMeanwhile({
      policies: policies.map(({ description, json }) => ({ id: description.id, json })),
      action: describeActions(schema),
    }),
    reference: referenceSource(schema, policies),
  };
}
