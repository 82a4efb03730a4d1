import {
  EntityRef,
  type PolicyEvaluation,
  type PolicyEvaluator,
  type PolicyRequest,
} from '../../action/policy-port.ts';
import { InterlockError } from '../../lib/errors.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import { EvaluationError } from './evaluation-error.ts';
import { type DescribeAction, EvaluationState } from './evaluation-state.ts';
import type { Code } from './expression.ts';
import { asBoolean } from './operators.ts';
import { type Candidate, CandidateLists } from './policy-bucket.ts';
import type { PolicyIndex } from './policy-index.ts';
import { matchesEntity } from './policy-scope.ts';

interface Failure {
  readonly policy: CompiledPolicy;
  readonly message: string;
}

interface Parts {
  readonly form: 'source' | 'closures';
  readonly index: PolicyIndex;
  readonly shared: readonly Code[];
  readonly describeAction: DescribeAction;
  readonly policies: readonly CompiledPolicy[];
}

const NOBODY = new EntityRef('', '');
const NOTHING: PolicyRequest = {
  principal: NOBODY,
  action: NOBODY,
  resource: NOBODY,
  context: Object.freeze({}),
  entity: () => undefined,
  entities: () => [],
};
/** Up to so many are put in order by hand, which is quicker than calling a comparison. */
const FEW = 16;
const NO_ERRORS: PolicyEvaluation['errors'] = Object.freeze([]);

/** Evaluates the policies that an index finds. Its working memory is made once, and knows nothing of a request afterwards. */
export class SetEvaluator implements PolicyEvaluator {
  /** How conditions run: as generated code, or as functions that call each other. */
  readonly form: 'source' | 'closures';
  readonly #index: PolicyIndex;
  readonly #policies: readonly CompiledPolicy[];
  readonly #makeMemory: () => Memory;
  #idle: Memory | undefined;

  constructor({ form, index, shared, describeAction, policies }: Parts) {
    this.form = form;
    this.#policies = policies;
    this.#index = index;
    this.#makeMemory = () => new Memory(new EvaluationState(shared, describeAction, NOTHING));
  }

  policiesRun(): number {
    return this.#policies.filter(({ condition }) => condition?.isMade).length;
  }

  evaluate(request: PolicyRequest): PolicyEvaluation {
    // Whoever describes an entity may itself ask for a decision, so a memory serves one of them.
    const memory = this.#idle ?? this.#makeMemory();
    this.#idle = undefined;
    const { state, candidates } = memory;
    try {
      state.begin(request);
      this.#index.collect(state, candidates);
      for (let index = 0; index < candidates.count; index++) memory.evaluate(candidates.lists[index]);
      return memory.result();
    } catch (cause) {
      if (cause instanceof InterlockError) throw cause;
      throw new InterlockError('POLICY_ENGINE_FAILED', 'a compiled policy broke off', { cause });
    } finally {
      memory.clear();
      this.#idle = memory;
    }
  }
}

/** What one decision needs beside its state. Policies and lists outlive decisions, so what is left of them may stay. */
class Memory {
  readonly state: EvaluationState;
  readonly candidates = new CandidateLists();
  readonly #satisfied: CompiledPolicy[] = [];
  #count = 0;
  #failures: Failure[] | undefined;

  constructor(state: EvaluationState) {
    this.state = state;
  }

  evaluate(list: readonly Candidate[] = []): void {
    for (const candidate of list) {
      try {
        if (isSatisfied(candidate, this.state)) this.#satisfied[this.#count++] = candidate.policy;
      } catch (cause) {
        if (!(cause instanceof EvaluationError)) throw cause;
        this.#failures ??= [];
        this.#failures.push({ policy: candidate.policy, message: cause.message });
      }
    }
  }

  result(): PolicyEvaluation {
    if (this.candidates.count > 1) sortByRank(this.#satisfied, this.#count);
    const permits: string[] = [];
    const forbids: string[] = [];
    for (let index = 0; index < this.#count; index++) {
      const policy = this.#satisfied[index];
      if (policy !== undefined) (policy.effect === 'permit' ? permits : forbids).push(policy.id);
    }
    return { permits, forbids, errors: this.#failures === undefined ? NO_ERRORS : errorsOf(this.#failures) };
  }

  clear(): void {
    this.state.end();
    this.candidates.count = 0;
    this.#count = 0;
    this.#failures = undefined;
  }
}

function errorsOf(failures: readonly Failure[]): PolicyEvaluation['errors'] {
  return failures
    .toSorted((a, b) => a.policy.rank - b.policy.rank)
    .map(({ policy, message }) => ({ policy: policy.id, message }));
}

/** The first `count`, which are few runs that are in order already. */
function sortByRank(policies: CompiledPolicy[], count: number): void {
  if (count > FEW) {
    policies.length = count;
    policies.sort((a, b) => a.rank - b.rank);
    return;
  }
  for (let next = 1; next < count; next++) {
    const policy = policies[next];
    let at = next;
    for (let before = policies[at - 1]; policy !== undefined && before !== undefined && before.rank > policy.rank; ) {
      policies[at--] = before;
      before = policies[at - 1];
    }
    if (policy !== undefined) policies[at] = policy;
  }
}

function isSatisfied({ policy, principal, resource }: Candidate, state: EvaluationState): boolean {
  if (principal !== undefined && !matchesEntity(state, state.principal, principal)) return false;
  if (resource !== undefined && !matchesEntity(state, state.resource, resource)) return false;
  const { condition } = policy;
  return condition === undefined || asBoolean(condition.run(state, condition.constants));
}
