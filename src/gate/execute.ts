import type { ActionDecided, EventPayloads } from '../action/event.ts';
import type { ExecutionResult, ProbeResult } from '../connector/contract.ts';
import type { RegisteredOperation } from '../connector/registry.ts';
import { BOUNDS } from '../lib/bounds.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import { sha256 } from '../lib/digest.ts';
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

/** Calls the system. Never throws: what a connector throws is a bug, after which nobody knows what happened. */
export async function execute(
  operation: RegisteredOperation,
  decided: ActionDecided,
  input: JsonObject,
): Promise<Finished> {
  const signal = AbortSignal.timeout(BOUNDS.executionMs);
  const context = operation.context(decided.action, signal);
  const result = await Promise.race([
    operation.definition.execute(input, context).catch((thrown: unknown) => thrownBy(operation, thrown)),
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
  operation: RegisteredOperation,
  decided: ActionDecided,
  handle: JsonObject | undefined,
): Promise<Finished | 'running' | 'undetermined' | 'unasked'> {
  const { definition } = operation;
  if (definition.kind === 'read' || definition.probe === undefined) return 'unasked';
  const context = { ...operation.context(decided.action, AbortSignal.timeout(BOUNDS.executionMs)), handle };
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
  if (result.result === undefined) return { completed: { ...base, ...handle, labels: [], exposed: true } };
  return { ...readResult(operation, decided, result.result, { ...base, ...handle, exposed: true }) };
}

function readResult(
  { definition, systemLabels }: RegisteredOperation,
  decided: ActionDecided,
  raw: unknown,
  base: Omit<Completed, 'labels'>,
): Finished {
  const parsed = definition.output.safeParse(raw);
  if (!parsed.success) {
    // The effect stands; an answer of unknown shape is withheld, and counts as having shown the worst.
    return {
      completed: {
        ...base,
        code: 'RESPONSE_UNEXPECTED',
        detail: ERRORS.RESPONSE_UNEXPECTED.title,
        labels: [...systemLabels],
      },
    };
  }
  const found = definition.resultLabels?.(parsed.data, decided.input ?? {}) ?? [];
  const labels = found.every((label: string) => systemLabels.has(label)) ? found : [...systemLabels];
  const result = transform(toJson(parsed.data), decided.resultObligations);
  const text = canonicalJson(result);
  const kept = text.length <= BOUNDS.keptResultBytes ? { result } : {};
  return { completed: { ...base, ...kept, resultDigest: sha256(text), labels }, result };
}

/** A parsed result as plain JSON: dates and undefined members as JSON.stringify has them. */
function toJson(value: unknown): Json {
  const text = JSON.stringify(value);
  return text === undefined ? null : (JSON.parse(text) as Json);
}
