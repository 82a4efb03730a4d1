import type { ActionDecided } from '../action/event.ts';
import type { StreamId } from '../action/log-port.ts';
import type { ExecutionContext, ExecutionResult, ProbeResult } from '../connector/contract.ts';
import type { RegisteredOperation } from '../connector/registered-operation.ts';
import { BOUNDS } from '../lib/bounds.ts';
import type { Clock } from '../lib/clock.ts';
import { copyJson } from '../lib/copy-json.ts';
import { digestOf } from '../lib/digest.ts';
import { asInterlockError, ERRORS } from '../lib/errors.ts';
import type { JsonObject } from '../lib/json.ts';
import { type Finished, finish } from './finish.ts';
import { soundProbe, soundResult } from './sound-result.ts';
import { withinDeadline } from './within-deadline.ts';

/**
 * The mark of an action's effect in the governed system: its idempotency key or correlation id. Callers choose action ids
 * per workflow, so the id alone could be another workflow's effect to a read-back.
 */
export function effectMark({ tenant, workflow }: StreamId, action: string): string {
  return `il-${digestOf([tenant, workflow, action]).slice('sha256:'.length, 'sha256:'.length + MARK_DIGITS)}`;
}

const MARK_DIGITS = 32;

export interface Execution {
  readonly operation: RegisteredOperation;
  readonly stream: StreamId;
  readonly decided: ActionDecided;
  readonly clock: Clock;
}

/** Calls the system. Never throws: what a connector throws is a bug, after which nobody knows what happened. */
export async function execute(execution: Execution, input: JsonObject, deliver?: Deliver): Promise<Finished> {
  const { operation, stream, decided, clock } = execution;
  const ms = executionMsOf(operation);
  const late = (): ExecutionResult => interrupted(operation, ms);
  const result = await withinDeadline({ clock, ms, late }, async (signal) => {
    try {
      // A copy: what a connector does to its input must not reach the record.
      const bound = operation.context(effectMark(stream, decided.action), signal);
      const context = mayStream(execution) && deliver !== undefined ? { ...bound, deliver } : bound;
      return soundResult(operation, await operation.definition.execute(copyJson(input), context));
    } catch (thrown) {
      return thrownBy(operation, thrown);
    }
  });
  return finish(operation, decided, { result, source: 'execution' });
}

/** Takes pieces of an answer while it comes. */
export type Deliver = NonNullable<ExecutionContext['deliver']>;

/** What an obligation has to change, or a label has yet to be found in, is whole before anyone sees a byte of it. */
function mayStream({ operation: { definition }, decided }: Execution): boolean {
  return definition.streams === true && definition.resultLabels === undefined && decided.resultObligations.length === 0;
}

function executionMsOf({ definition }: RegisteredOperation): number {
  return definition.streams === true ? BOUNDS.streamedExecutionMs : BOUNDS.executionMs;
}

function interrupted({ definition }: RegisteredOperation, ms: number): ExecutionResult {
  const detail = `no answer within ${ms} ms`;
  if (definition.kind === 'read') return { status: 'failed', code: 'EXECUTION_TIMEOUT', detail, exposed: false };
  return { status: 'unknown', code: 'EXECUTION_TIMEOUT', detail };
}

function thrownBy({ definition }: RegisteredOperation, thrown: unknown): ExecutionResult {
  const { code, message } = asInterlockError(thrown);
  const detail = code === 'INTERNAL' ? ERRORS.INTERNAL.title : message;
  if (definition.kind === 'read') return { status: 'failed', code, detail, exposed: true };
  return { status: 'unknown', code, detail };
}

/** Reads the system back. `unasked`: the connector has no way to ask. */
export async function probe(
  execution: Execution,
  handle: JsonObject | undefined,
): Promise<Finished | 'running' | 'undetermined' | 'unasked'> {
  const { operation, decided } = execution;
  if (operation.definition.kind === 'read' || operation.definition.probe === undefined) return 'unasked';
  const answer = await asked(execution, operation.definition.probe, handle);
  switch (answer.status) {
    case 'running':
    case 'undetermined':
      return answer.status;
    case 'applied':
      return finish(operation, decided, {
        result: { status: 'succeeded', result: answer.result },
        source: 'read-back',
      });
    case 'not-applied':
      return finish(operation, decided, {
        result: {
          status: 'failed',
          code: 'EXECUTION_FAILED',
          detail: 'the system shows no such effect',
          exposed: false,
        },
        source: 'read-back',
      });
    default:
      return answer satisfies never;
  }
}

type Ask = (input: JsonObject, context: Parameters<Probe>[1]) => Promise<unknown>;
type Probe = NonNullable<Extract<RegisteredOperation['definition'], { kind: 'write' }>['probe']>;

/** A read-back that fails or does not come has learnt nothing; the outcome stays as unknown as it was. */
function asked({ operation, stream, decided, clock }: Execution, ask: Ask, handle: JsonObject | undefined) {
  const late = (): ProbeResult => ({ status: 'undetermined', detail: 'no answer in time' });
  return withinDeadline({ clock, ms: BOUNDS.executionMs, late }, async (signal) => {
    try {
      const context = { ...operation.context(effectMark(stream, decided.action), signal), handle };
      return soundProbe(await ask(copyJson(decided.input ?? {}), context));
    } catch {
      return late();
    }
  });
}
