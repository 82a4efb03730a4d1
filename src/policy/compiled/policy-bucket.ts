import type { EntityRef } from '../../action/policy-port.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import type { EvaluationState } from './evaluation-state.ts';
import type { EntityScope } from './policy-scope.ts';
import { addTo, RefMap } from './ref-map.ts';
import { sameRef } from './values-equal.ts';

/** A policy that may match, and what of its scope is still to be looked at. */
export interface Candidate {
  readonly policy: CompiledPolicy;
  readonly principal: EntityScope | undefined;
  readonly resource: EntityScope | undefined;
}

/** Lists of candidates. They belong to an index, so that what is left of them from before, past `count`, may stay. */
export class CandidateLists {
  readonly lists: (readonly Candidate[])[] = [];
  count = 0;

  push(list: readonly Candidate[] | undefined): void {
    if (list !== undefined) this.lists[this.count++] = list;
  }
}

/** The policies for one class of actions, and one type each of principals and resources, by the entities that they name. */
export class PolicyBucket {
  /** Policies in it. */
  readonly size: number;
  readonly #unnamed: Candidate[] = [];
  readonly #byPrincipal = new NamedCandidates();
  readonly #byResource = new NamedCandidates();

  /** The scopes of all `policies` hold for the action and for both types. */
  constructor(policies: readonly CompiledPolicy[]) {
    this.size = policies.length;
    const principals = countNamed(policies.map(({ principal }) => principal));
    const resources = countNamed(policies.map(({ resource }) => resource));
    for (const policy of policies) {
      const principal = named(policy.principal);
      const resource = named(policy.resource);
      // By the name that fewer policies have in common.
      const usePrincipal =
        resource === undefined ||
        (principal !== undefined && (principals.get(principal) ?? 0) <= (resources.get(resource) ?? 0));
      if (principal !== undefined && usePrincipal) {
        const rest = resource === undefined ? undefined : policy.resource;
        this.#byPrincipal.add(policy.principal, { policy, principal: undefined, resource: rest });
      } else if (resource !== undefined) {
        const rest = principal === undefined ? undefined : policy.principal;
        this.#byResource.add(policy.resource, { policy, principal: rest, resource: undefined });
      } else this.#unnamed.push({ policy, principal: undefined, resource: undefined });
    }
  }

  /** Adds the lists, each in the order of ranks, of all the policies that may match. No policy is in two of them. */
  collect(state: EvaluationState, lists: CandidateLists): void {
    if (this.#unnamed.length > 0) lists.push(this.#unnamed);
    this.#byPrincipal.collect(state, state.principal, lists);
    this.#byResource.collect(state, state.resource, lists);
  }
}

/** Candidates by the one entity that their scope names. */
class NamedCandidates {
  readonly #equals = new RefMap<Candidate[]>();
  readonly #within = new RefMap<Candidate[]>();

  add({ equals, within }: EntityScope, candidate: Candidate): void {
    if (equals !== undefined) addTo(this.#equals, equals, candidate);
    else if (within !== undefined) addTo(this.#within, within, candidate);
  }

  collect(state: EvaluationState, ref: EntityRef, lists: CandidateLists): void {
    if (!this.#equals.isEmpty) lists.push(this.#equals.get(ref));
    if (this.#within.isEmpty) return;
    lists.push(this.#within.get(ref));
    for (const ancestor of state.ancestorsOf(ref).refs) {
      if (!sameRef(ancestor, ref)) lists.push(this.#within.get(ancestor));
    }
  }
}

function named({ equals, within }: EntityScope): EntityRef | undefined {
  return equals ?? within;
}

function countNamed(scopes: readonly EntityScope[]): RefMap<number> {
  const counts = new RefMap<number>();
  for (const scope of scopes) {
    const ref = named(scope);
    if (ref !== undefined) counts.set(ref, (counts.get(ref) ?? 0) + 1);
  }
  return counts;
}
