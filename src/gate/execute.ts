import type { ActionDecided, EventPayloads } from '../action/event.ts';
import type { StreamId } from '../action/log-port.ts';
import type { ExecutionResult, ProbeResult } from '../connector/contract.ts';
import type { RegisteredOperation } from '../connector/registered-operation.ts';
import { BOUNDS } from '../lib/bounds.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import { digestOf, sha256 } from '../lib/digest.ts';
import { asInterlockError, ERRORS } from '../lib/errors.ts';
import type { Json, JsonObject } from '../lib/json.ts';
import { transform } from './transform.ts';

export type Completed = EventPayloads['action.completed'];
type Source = Completed['source'];

/** What execution or a read-back brought, ready for the log, and the result as the caller may see it. */
export interface Finished {
  readonly completed: Completed;
  /** With its obligations applied; also where it is too large for the log. */
  readonly result?: Json | undefined;
}

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
}

/** Calls the system. Never throws: what a connector throws is a bug, after which nobody knows what happened. */
export async function execute({ operation, stream, decided }: Execution, input: JsonObject): Promise<Finished> {
  const signal = AbortSignal.timeout(BOUNDS.executionMs);
  const context = operation.context(effectMark(stream, decided.action), signal);
  const call = async (): Promise<ExecutionResult> => operation.definition.execute(input, context);
  const result = await Promise.race([
    call().catch((thrown: unknown) => thrownBy(operation, thrown)),
    aborted(signal).then((): ExecutionResult => interrupted(operation)),
  ]);
  return finish(operation, decided, { result, source: 'execution' });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function interrupted({ definition }: RegisteredOperation): ExecutionResult {
  const detail = `no answer within ${BOUNDS.executionMs} ms`;
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
  { operation, stream, decided }: Execution,
  handle: JsonObject | undefined,
): Promise<Finished | 'running' | 'undetermined' | 'unasked'> {
  const { definition } = operation;
  if (definition.kind === 'read' || definition.probe === undefined) return 'unasked';
  const signal = AbortSignal.timeout(BOUNDS.executionMs);
  const context = { ...operation.context(effectMark(stream, decided.action), signal), handle };
  let answer: ProbeResult;
  try {
    answer = await definition.probe(decided.input ?? {}, context);
  } catch {
    // A read-back that fails has learnt nothing; the outcome stays as unknown as it was.
    return 'undetermined';
  }
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

/** The log's event for what happened: result parsed, labelled, and its obligations applied before anyone sees it. */
export function finish(
  operation: RegisteredOperation,
  decided: ActionDecided,
  { result, source }: { readonly result: ExecutionResult; readonly source: Source },
): Finished {
  const base = { action: decided.action, status: result.status, source };
  if (result.status === 'failed' || result.status === 'unknown') {
    const exposed = result.status === 'unknown' || result.exposed;
    return { completed: { ...base, code: result.code, detail: result.detail, labels: [], exposed } };
  }
  const handle = result.status === 'accepted' ? { handle: result.handle } : {};
  const ended = { ...base, ...handle, exposed: true };
  if (result.result === undefined) return { completed: { ...ended, labels: [] } };
  try {
    return readResult(operation, decided, result.result, ended);
  } catch {
    // The effect stands whatever the connector makes of the answer.
    return withheld(operation, ended);
  }
}

/** An answer of unknown shape is shown to nobody, and counts as having shown the worst. */
function withheld({ systemLabels }: RegisteredOperation, ended: Omit<Completed, 'labels'>): Finished {
  const { title } = ERRORS.RESPONSE_UNEXPECTED;
  return { completed: { ...ended, code: 'RESPONSE_UNEXPECTED', detail: title, labels: [...systemLabels] } };
}

function readResult(
  operation: RegisteredOperation,
  decided: ActionDecided,
  raw: unknown,
  base: Omit<Completed, 'labels'>,
): Finished {
  const { definition, systemLabels } = operation;
  const parsed = definition.output.safeParse(raw);
  if (!parsed.success) return withheld(operation, base);
  const found = definition.resultLabels?.(parsed.data, decided.input ?? {}) ?? [];
  const labels = found.every((label: string) => systemLabels.has(label)) ? found : [...systemLabels];
  const touched = definition.touched?.(parsed.data, decided.input ?? {}) ?? [];
  if (touched.length > BOUNDS.touchedResources) return withheld(operation, base);
  const result = transform(toJson(parsed.data), decided.resultObligations);
  const text = canonicalJson(result);
  const kept = text.length <= BOUNDS.keptResultBytes ? { result } : {};
  const resources = touched.length === 0 ? {} : { resources: touched.map(({ type, id }) => ({ type, id })) };
  return { completed: { ...base, ...kept, ...resources, resultDigest: sha256(text), labels }, result };
}

/** A parsed result as plain JSON: dates and undefined members as JSON.stringify has them. */
function toJson(value: unknown): Json {
  const text = JSON.stringify(value);
  return text === undefined ? null : (JSON.parse(text) as Json);
}
