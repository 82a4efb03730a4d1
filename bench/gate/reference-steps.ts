import type { Action, Principal } from '../../src/action/action.ts';
import type { ActionDecided, EventPayloads, NewEvent, StoredEvent } from '../../src/action/event.ts';
import type { StreamId } from '../../src/action/log-port.ts';
import type { PolicyEvaluation, PolicyRequest } from '../../src/action/policy-port.ts';
import { execute } from '../../src/gate/execute.ts';
import { propose } from '../../src/gate/propose.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { type IdSource, randomIds } from '../../src/lib/ids.ts';
import { buildPolicyRequest } from '../../src/policy/build-request.ts';
import { operationMapping } from '../../src/policy/operation-mapping.ts';
import type { Gateway } from '../../src/runtime/start-gateway.ts';
import { chainEvents, genesisHash, parseEvent } from '../../src/workflow/chain.ts';
import { FoldedView } from '../../src/workflow/view.ts';
import { REFERENCE_CALL } from './reference-gateway.ts';

/** The steps of one `run` of the reference action as single calls, on a workflow whose events are given. */
export class ReferenceSteps {
  readonly stream: StreamId;
  /** What the step before each one has brought. */
  readonly action: Action;
  readonly request: PolicyRequest;
  readonly evaluation: PolicyEvaluation;
  readonly decided: ActionDecided;
  readonly #gateway: Gateway;
  readonly #past: readonly StoredEvent[];
  readonly #principal: Principal;
  readonly #ids: IdSource = randomIds();
  readonly #now = Date.now();
  readonly #mapping: ReturnType<typeof operationMapping>;
  readonly #view: FoldedView;

  constructor(gateway: Gateway, principal: Principal, past: readonly StoredEvent[]) {
    const descriptor = gateway.catalog.operations.find(({ operation }) => operation === REFERENCE_CALL.operation);
    if (descriptor === undefined) throw new Error('The catalog lacks the reference operation.');
    this.#gateway = gateway;
    this.#principal = principal;
    this.#past = past;
    this.#mapping = operationMapping(descriptor);
    this.stream = { tenant: principal.tenant, workflow: principal.workflow };
    this.#view = this.newView();
    this.action = this.normalise();
    this.request = this.buildRequest();
    this.evaluation = this.evaluate();
    this.decided = this.decide();
  }

  /** The workflow as it was before the action. */
  newView(): FoldedView {
    const view = new FoldedView(this.stream, genesisHash(this.stream));
    for (const event of this.#past) this.fold(view, event);
    return view;
  }

  normalise(): Action {
    const { registry } = this.#gateway;
    return registry.normalise({ call: REFERENCE_CALL, id: 'act_1', mode: 'run', principal: this.#principal });
  }

  buildRequest(): PolicyRequest {
    return buildPolicyRequest({ action: this.action, view: this.#view, now: this.#now, mapping: this.#mapping });
  }

  evaluate(): PolicyEvaluation {
    return this.#gateway.policySet().evaluator.evaluate(this.request);
  }

  /** All of a decision but the policies' word, which is given. */
  decide(): ActionDecided {
    const { registry, policySet } = this.#gateway;
    const parts = { registry, policySet, ids: this.#ids, controls: () => this.#view, evaluate: () => this.evaluation };
    const { result } = propose(parts, this.action, this.#view, this.#now);
    if (result === undefined) throw new Error('The reference action was not allowed.');
    return result;
  }

  /** Events that follow what the view has seen. */
  chain(events: readonly NewEvent[], { tenant, id, version, head, at }: FoldedView): StoredEvent[] {
    const last = version === 0 ? undefined : { version, hash: head, at };
    const stream = { tenant, workflow: id };
    return chainEvents({ stream, head: last, events, now: this.#now, salt: () => this.#ids.id('s') });
  }

  fold(view: FoldedView, event: StoredEvent): void {
    view.apply(parseEvent(event));
  }

  async execute(): Promise<EventPayloads['action.completed']> {
    const { decided, stream } = this;
    const operation = this.#gateway.registry.operation(decided.operation);
    const { completed } = await execute({ operation, stream, decided, clock: systemClock }, decided.input ?? {});
    return completed;
  }
}
