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
import type { Candidate } from './policy-bucket.ts';
import type { PolicyIndex } from './policy-index.ts';
import { matchesEntity } from './policy-scope.ts';

const NOBODY = new EntityRef('', '');
const NOTHING: PolicyRequest = {
  principal: NOBODY,
  action: NOBODY,
  resource: NOBODY,
  context: Object.freeze({}),
  entity: () => undefined,
  entities: () => [],
};

/** Evaluates the policies that an index finds. Its working memory is made once, and holds nothing between decisions. */
export class SetEvaluator implements PolicyEvaluator {
  readonly #index: PolicyIndex;
  readonly #makeMemory: () => Memory;
  #idle: Memory | undefined;

  /** `slots`: how many shared expressions the policies have. */
  constructor(index: PolicyIndex, slots: number, describeAction: DescribeAction) {
    this.#index = index;
    this.#makeMemory = () => new Memory(new EvaluationState(slots, describeAction, NOTHING));
    this.#idle = this.#makeMemory();
  }

  evaluate(request: PolicyRequest): PolicyEvaluation {
    // Whoever describes an entity may itself ask for a decision, so the memory belongs to one of them.
    const memory = this.#idle ?? this.#makeMemory();
    this.#idle = undefined;
    try {
      memory.state.begin(request);
      this.#index.collect(memory.state, memory.lists);
      for (const list of memory.lists) evaluateList(list, memory);
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

class Memory {
  readonly state: EvaluationState;
  readonly lists: (readonly Candidate[])[] = [];
  readonly satisfied: CompiledPolicy[] = [];
  readonly failed: { readonly policy: CompiledPolicy; readonly message: string }[] = [];

  constructor(state: EvaluationState) {
    this.state = state;
  }

  /** Lists have the order of ids each, not together. */
  result(): PolicyEvaluation {
    const { satisfied, failed } = this;
    if (this.lists.length > 1) {
      satisfied.sort((a, b) => a.rank - b.rank);
      failed.sort((a, b) => a.policy.rank - b.policy.rank);
    }
    const permits: string[] = [];
    const forbids: string[] = [];
    for (const { id, effect } of satisfied) (effect === 'permit' ? permits : forbids).push(id);
    return { permits, forbids, errors: failed.map(({ policy, message }) => ({ policy: policy.id, message })) };
  }

  clear(): void {
    this.state.end();
    this.lists.length = 0;
    this.satisfied.length = 0;
    this.failed.length = 0;
  }
}

function evaluateList(list: readonly Candidate[], memory: Memory): void {
  const { state, satisfied, failed } = memory;
  for (const candidate of list) {
    const { policy } = candidate;
    try {
      if (isSatisfied(candidate, state)) satisfied.push(policy);
    } catch (cause) {
      if (!(cause instanceof EvaluationError)) throw cause;
      failed.push({ policy, message: cause.message });
    }
  }
}

function isSatisfied({ policy, principal, resource }: Candidate, state: EvaluationState): boolean {
  if (principal !== undefined && !matchesEntity(state, state.principal, principal)) return false;
  if (resource !== undefined && !matchesEntity(state, state.resource, resource)) return false;
  return policy.condition === undefined || policy.condition(state);
}
