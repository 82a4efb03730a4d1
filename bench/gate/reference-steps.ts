import type { Action, Principal } from '../../src/action/action.ts';
import type { ActionDecided, NewEvent, StoredEvent, WorkflowEvent } from '../../src/action/event.ts';
import type { StreamId } from '../../src/action/log-port.ts';
import type { PolicyEvaluation, PolicyRequest } from '../../src/action/policy-port.ts';
import { execute } from '../../src/gate/execute.ts';
import type { Finished } from '../../src/gate/finish.ts';
import { propose } from '../../src/gate/propose.ts';
import type { CanonicalTexts } from '../../src/lib/canonical-json.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { type IdSource, randomIds } from '../../src/lib/ids.ts';
import { buildPolicyRequest } from '../../src/policy/build-request.ts';
import { operationMapping } from '../../src/policy/operation-mapping.ts';
import type { Gateway } from '../../src/runtime/start-gateway.ts';
import { chainEvents, genesisHash, ownEvents, parseEvent } from '../../src/workflow/chain.ts';
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
  /** Canonical forms of its parts that are known by then. */
  readonly texts: CanonicalTexts | undefined;
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
    const { result, texts } = this.decide();
    if (result === undefined) throw new Error('The reference action was not allowed.');
    this.decided = result;
    this.texts = texts;
  }

  /** The workflow as it was before the action. */
  newView(): FoldedView {
    const view = new FoldedView(this.stream, genesisHash(this.stream));
    for (const event of this.#past) view.apply(parseEvent(event));
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
  decide(): ReturnType<typeof propose> {
    const { registry, policySet } = this.#gateway;
    const parts = { registry, policySet, ids: this.#ids, controls: () => this.#view, evaluate: () => this.evaluation };
    return propose(parts, this.action, this.#view, this.#now);
  }

  /** Events that follow what the view has seen. */
  chain(events: readonly NewEvent[], { tenant, id, version, head, at }: FoldedView, texts = this.texts): StoredEvent[] {
    const last = version === 0 ? undefined : { version, hash: head, at };
    const stream = { tenant, workflow: id };
    return chainEvents({ stream, head: last, events, texts, now: this.#now, salt: () => this.#ids.id('s') });
  }

  /** The same events as this process folds them, without reading what it has just written. */
  own(chained: readonly StoredEvent[], events: readonly NewEvent[], texts = this.texts): readonly WorkflowEvent[] {
    return ownEvents(chained, events, texts);
  }

  async execute(): Promise<Pick<Finished, 'completed' | 'texts'>> {
    const { decided, stream } = this;
    const operation = this.#gateway.registry.operation(decided.operation);
    return execute({ operation, stream, decided, clock: systemClock }, decided.input ?? {});
  }
}
