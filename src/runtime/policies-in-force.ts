import type { PolicyEvaluation, PolicyEvaluator, PolicyRequest, PolicySet } from '../action/policy-port.ts';
import type { Clock } from '../lib/clock.ts';
import { asInterlockError, InterlockError } from '../lib/errors.ts';
import { gauge, type Metric } from '../lib/metrics/metric.ts';
import { CedarEvaluator } from '../policy/cedar-wasm/cedar-evaluator.ts';
import type { Difference } from '../policy/judge/difference.ts';
import { type Asked, Judge, type JudgeCounts, type JudgedSet } from '../policy/judge/judge.ts';
import type { LoadedPolicySet } from '../policy/load-policy-set.ts';
import type { PolicyJournal } from './policy-journal.ts';

export interface PoliciesParts {
  readonly first: LoadedPolicySet;
  /** Reads and checks the policies as they are now. */
  readonly load: () => Promise<LoadedPolicySet>;
  readonly journal: PolicyJournal;
  readonly clock: Clock;
  /** Of all evaluations, from 0 to 1. */
  readonly judgedShare: number;
  readonly alarm: (message: string, error: InterlockError) => void;
}

/**
 * The one policy set in force, as a whole: a reload puts another whole in its place or changes nothing, and a set that
 * was found to be evaluated wrongly is evaluated by the reference evaluator from then on.
 */
export class PoliciesInForce {
  readonly #parts: PoliciesParts;
  readonly #judge: Judge;
  readonly #closing = new AbortController();
  /** By hash: the compiled evaluator is not believed any more. */
  readonly #distrusted: Set<string>;
  #current: PolicySet;
  /** The current set, where it is compiled. */
  #judged: LoadedPolicySet | undefined;
  /** When the current set was put in force. */
  #since: number;
  #turn: Promise<unknown> = Promise.resolve();

  /** Records the first set as activated. */
  static async start(parts: PoliciesParts): Promise<PoliciesInForce> {
    const { disagreed } = await parts.journal.history();
    await parts.journal.activated(parts.first.hash, 'start');
    return new PoliciesInForce(parts, disagreed);
  }

  private constructor(parts: PoliciesParts, disagreed: ReadonlySet<string>) {
    this.#parts = parts;
    this.#distrusted = new Set(disagreed);
    this.#judge = new Judge({
      share: parts.judgedShare,
      clock: parts.clock,
      onDifference: (...found) => this.#onDifference(...found),
      onFailure: (error) => parts.alarm('decisions cannot be evaluated again for comparison', error),
    });
    this.#current = parts.first;
    this.#since = parts.clock.now();
    this.#put(parts.first);
  }

  get current(): PolicySet {
    return this.#current;
  }

  get judge(): Pick<Judge, 'idle' | 'counts'> {
    return this.#judge;
  }

  evaluate(policySet: PolicySet, request: PolicyRequest, asked: Asked): PolicyEvaluation {
    const evaluation = policySet.evaluator.evaluate(request);
    if (policySet === this.#judged) this.#judge.observe(this.#judged, request, evaluation, asked);
    return evaluation;
  }

  /** One after the other, each with what it finds when its turn comes. On any error the set in force stays. */
  reload(by: string): Promise<PolicySet> {
    const turn = this.#turn.then(() => this.#reload(by));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #reload(by: string): Promise<PolicySet> {
    const next = await this.#parts.load();
    // Whoever wants to deny everything can say so; files that went missing say nothing.
    if (next.policies.size === 0 && this.#current.policies.size > 0)
      throw new InterlockError('POLICY_INVALID', 'there are no policies any more');
    await this.#parts.journal.activated(next.hash, by);
    this.#put(next);
    this.#since = this.#parts.clock.now();
    return this.#current;
  }

  metrics(): readonly Metric[] {
    const { agreed, differed, failed, dropped } = this.#judge.counts;
    const counts: JudgeCounts = { agreed, differed, failed, dropped };
    const age = (this.#parts.clock.now() - this.#since) / 1_000;
    return [
      {
        name: 'interlock_policy_set_info',
        help: 'The policy set in force, by its hash: gateways that show different ones decide differently.',
        type: 'gauge',
        samples: [{ labels: { hash: this.#current.hash }, value: 1 }],
      },
      gauge('interlock_policy_set_age_seconds', 'Time since the policy set in force was put in force here.', age),
      {
        name: 'interlock_policy_judged_total',
        help: 'Evaluations compared with the reference evaluator, by result; `differed` needs a look at once.',
        type: 'counter',
        samples: Object.entries(counts).map(([result, value]) => ({ labels: { result }, value })),
      },
      {
        name: 'interlock_policy_distrusted',
        help: '1 while the set in force is evaluated by the slow reference evaluator, because the compiled one was wrong.',
        type: 'gauge',
        samples: [{ labels: {}, value: this.#judged === undefined ? 1 : 0 }],
      },
    ];
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#judge.close();
  }

  #put(set: LoadedPolicySet): void {
    const isTrusted = !this.#distrusted.has(set.hash);
    this.#judged = isTrusted ? set : undefined;
    this.#current = isTrusted ? set : { ...set, evaluator: referenceEvaluator(set) };
  }

  #onDifference(set: JudgedSet, { id, operation, principal }: Asked, { compiled, reference }: Difference): void {
    if (this.#distrusted.has(set.hash)) return;
    this.#distrusted.add(set.hash);
    if (this.#judged?.hash === set.hash) this.#put(this.#judged);
    const { tenant, workflow } = principal;
    const detail = `${operation} in workflow ${workflow}: ${JSON.stringify({ compiled, reference })}`;
    this.#parts.alarm(
      'policies were evaluated wrongly; they are evaluated slowly from now on',
      new InterlockError('POLICY_ENGINE_FAILED', detail),
    );
    const payload = { policySet: set.hash, tenant, workflow, action: id, operation, compiled, reference };
    this.#parts.journal.disagreed(payload, this.#closing.signal).catch((thrown: unknown) => {
      this.#parts.alarm('a wrong evaluation could not be recorded', asInterlockError(thrown));
    });
  }
}

/** One that cannot start answers nothing, so everything is denied. */
function referenceEvaluator({ reference }: LoadedPolicySet): PolicyEvaluator {
  try {
    return new CedarEvaluator(reference.schema, reference);
  } catch (cause) {
    return {
      evaluate: () => {
        throw new InterlockError('POLICY_ENGINE_FAILED', 'the reference evaluator does not start', { cause });
      },
    };
  }
}
