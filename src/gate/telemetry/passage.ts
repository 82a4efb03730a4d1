import { context, type Link, type Span, type SpanContext, SpanKind, trace } from '@opentelemetry/api';
import { systemOf, toolNameOf } from '../../action/names.ts';
import type { ActionView } from '../../action/view.ts';
import { asInterlockError } from '../../lib/errors.ts';
import { startStopwatch } from '../../lib/stopwatch.ts';
import { failSpan, inSpan, startSpan } from '../../lib/tracing/in-span.ts';
import type { Completed } from '../finish.ts';
import type { GateMeter, Stage } from './gate-meter.ts';

interface Begin {
  readonly meter: GateMeter;
  /** Of an action that was held: where its first pass was. */
  readonly earlier?: SpanContext | undefined;
  readonly isResumed: boolean;
}

/** One pass through the gate as metrics and traces see it. It watches; nothing that it knows decides anything. */
export class Passage {
  readonly #meter: GateMeter;
  readonly #span: Span;
  readonly #elapsed = startStopwatch();
  #stage: Stage | undefined;
  /** Seconds since the passage began. */
  #stageBegan = 0;

  private constructor(meter: GateMeter, span: Span) {
    this.#meter = meter;
    this.#span = span;
  }

  /** Does `pass` as a passage: under the caller's span, or, for a held action, in a trace of its own that names the first. */
  static of<T>(begin: Begin, pass: (passage: Passage) => Promise<T>): Promise<T> {
    const { meter, earlier, isResumed } = begin;
    const links: Link[] = earlier === undefined ? [] : [{ context: earlier }];
    // What is tried again later is nobody's call: the timer, or the approver, is not who asked for it.
    const span = startSpan('execute_tool', { kind: SpanKind.INTERNAL, root: isResumed, links });
    const passage = new Passage(meter, span);
    return passage.isTraced ? passage.#traced(pass) : pass(passage);
  }

  async #traced<T>(pass: (passage: Passage) => Promise<T>): Promise<T> {
    try {
      return await context.with(trace.setSpan(context.active(), this.#span), () => pass(this));
    } catch (thrown) {
      failSpan(this.#span, asInterlockError(thrown).code);
      throw thrown;
    } finally {
      this.#span.end();
    }
  }

  get isTraced(): boolean {
    return this.#span.isRecording();
  }

  get spanContext(): SpanContext {
    return this.#span.spanContext();
  }

  /** Does the next step; the one before ends here. Where nobody traces, nothing stands between the step and its caller. */
  stage<T>(stage: Stage, step: () => Promise<T>): Promise<T> {
    this.end();
    this.#stage = stage;
    if (!this.isTraced) return step();
    const kind = stage === 'execute' ? SpanKind.CLIENT : SpanKind.INTERNAL;
    return inSpan(`interlock.${stage}`, { kind }, step);
  }

  /** The last step is over. */
  end(): void {
    const now = this.#elapsed();
    if (this.#stage !== undefined) this.#meter.passed(this.#stage, now - this.#stageBegan);
    this.#stage = undefined;
    this.#stageBegan = now;
  }

  /** The decision is durable. Never its input: a trace goes to people who may not see that. */
  decided(action: ActionView | undefined, workflow: string): void {
    if (action === undefined) return;
    const { id, decided } = action;
    const { operation, decision, policySet, seen } = decided;
    this.#meter.decided(this.#elapsed(), decision, systemOf(operation));
    if (!this.isTraced) return;
    this.#span.updateName(`execute_tool ${toolNameOf(operation)}`);
    this.#span.setAttributes({
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': toolNameOf(operation),
      'gen_ai.tool.type': 'function',
      'interlock.operation': operation,
      'interlock.decision': decision,
      'interlock.policy_set': policySet,
      'interlock.workflow': workflow,
      'interlock.workflow.version': seen,
      'interlock.action': id,
      ...(decided.code === undefined ? {} : { 'interlock.code': decided.code }),
    });
  }

  /** Executes, and says how it ended. */
  async execute<T extends { readonly completed: Completed }>(operation: string, step: () => Promise<T>): Promise<T> {
    const elapsed = startStopwatch();
    const finished = await this.stage('execute', step);
    const { status, code } = finished.completed;
    this.#meter.executed(elapsed(), systemOf(operation), status);
    if (!this.isTraced) return finished;
    this.#span.setAttribute('interlock.outcome', status);
    if (status !== 'succeeded') failSpan(this.#span, code ?? status);
    return finished;
  }
}
