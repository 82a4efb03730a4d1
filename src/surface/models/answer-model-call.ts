import type { Answer } from '../../gate/answers.ts';
import type { Caller, Interlock } from '../../gate/interlock.ts';
import { BOUNDS } from '../../lib/bounds.ts';
import { asInterlockError } from '../../lib/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import type { EventDialect } from './event-dialect.ts';
import { type ModelCall, type ModelRequest, readModelCall } from './model-call.ts';
import { ACTION_HEADER, type Refusal, refusedAnswer, refusedCall } from './model-error.ts';
import { PieceQueue } from './piece-queue.ts';

export interface ModelAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, or the events of a stream. */
  readonly body: Json | AsyncIterable<string>;
}

export interface ModelSurface {
  readonly interlock: Pick<Interlock, 'run' | 'action'>;
  /** How long a client waits for a human before it is told to come back, in milliseconds. */
  readonly heldMs?: number | undefined;
}

/**
 * A request of a client of models, as an action through the gate: the same decision as on every other surface. Never
 * throws: what cannot be governed is answered as the models' own API would.
 */
export async function answerModelCall(
  surface: ModelSurface,
  caller: Caller,
  request: ModelRequest,
): Promise<ModelAnswer> {
  try {
    const asked = readModelCall(request);
    if (asked.events !== undefined) return await streamedAnswer(surface, caller, { ...asked, events: asked.events });
    return wholeAnswer(await ended(surface, caller, asked));
  } catch (thrown) {
    return refused(refusedCall(asInterlockError(thrown)));
  }
}

/** Where the action stands once a human has answered, or the client has waited long enough. */
async function ended(
  { interlock, heldMs = BOUNDS.waitMs }: ModelSurface,
  caller: Caller,
  { call, deliver }: ModelCall & { readonly deliver?: (piece: JsonObject) => void },
): Promise<Answer> {
  const answer = await interlock.run(caller, call, deliver);
  return answer.state === 'held' || answer.state === 'executing' ? interlock.action(caller, answer.id, heldMs) : answer;
}

function wholeAnswer(answer: Answer): ModelAnswer {
  const refusal = refusedAnswer(answer);
  if (refusal !== undefined) return refused(refusal);
  return { status: 200, headers: { [ACTION_HEADER]: answer.id }, body: answer.outcome?.result ?? null };
}

export function refused({ status, headers, error }: Refusal): ModelAnswer {
  return { status, headers, body: { error: error as JsonObject } }; // its own fields, all of them JSON
}

const STREAM = { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' } as const;

/**
 * The status of a stream is that of its decision, so nothing goes out before it: then the pieces as they come, or, where
 * an obligation is due on the answer, the whole of it cut into events. What ends badly after that ends in an error event.
 */
async function streamedAnswer(
  surface: ModelSurface,
  caller: Caller,
  asked: ModelCall & { readonly events: EventDialect },
): Promise<ModelAnswer> {
  const { events, includeUsage } = asked;
  const pieces = new PieceQueue();
  const end = ended(surface, caller, { ...asked, deliver: (piece) => pieces.add(piece) });
  // Also when the client has gone: the call is paid for, and its outcome is recorded.
  end.then(
    () => pieces.end(),
    () => pieces.end(),
  );
  if (await pieces.begins()) return { status: 200, headers: STREAM, body: live(pieces, end, asked) };
  const answer = await end;
  const refusal = refusedAnswer(answer);
  if (refusal !== undefined) return refused(refusal);
  const result = answer.outcome?.result;
  const whole = isJsonObject(result) ? [...events.whole(result, includeUsage), events.end] : [];
  return { status: 200, headers: { ...STREAM, [ACTION_HEADER]: answer.id }, body: streamOf(whole) };
}

async function* streamOf(events: readonly string[]): AsyncIterable<string> {
  yield* events;
}

async function* live(
  pieces: PieceQueue,
  end: Promise<Answer>,
  { events, includeUsage }: ModelCall & { readonly events: EventDialect },
): AsyncIterable<string> {
  for await (const piece of pieces) {
    const event = events.piece(piece, includeUsage);
    if (event !== undefined) yield event;
  }
  const refusal = await end.then(refusedAnswer, (thrown: unknown) => refusedCall(asInterlockError(thrown)));
  yield refusal === undefined || refusal.error.code === 'RESULT_NOT_KEPT' ? events.end : events.error(refusal.error);
}
