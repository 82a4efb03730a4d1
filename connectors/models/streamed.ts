import type { ExecutionContext, ExecutionResult } from '../../src/connector/contract.ts';
import type { HttpCall } from '../../src/connector/http/http-client.ts';
import { failedOf } from '../../src/connector/http/http-execution.ts';
import { isJsonObject, type JsonObject } from '../../src/lib/json.ts';
import { ServerSentEvents } from './server-sent-events.ts';

/** How one kind of stream is read. */
export interface StreamDialect<P> {
  /** The piece without what is not declared. Throws for what is none. */
  readonly parse: (data: JsonObject) => P & JsonObject;
  /** Whether the answer is whole with it; for dialects that say so in a piece. */
  readonly ends: (piece: P) => boolean;
  /** What the model server says went wrong in mid-stream; undefined for a piece of the answer. */
  readonly failed: (data: JsonObject) => string | undefined;
}

const DONE = '[DONE]';

/**
 * One call whose answer is handed on piece by piece, and returned as a whole. A stream that ends before it says so leaves
 * the outcome unknown: it is billed, and part of it was seen. Never sent again.
 */
export async function streamed<P>(
  call: HttpCall,
  { http, signal, deliver }: ExecutionContext,
  dialect: StreamDialect<P>,
): Promise<{ readonly pieces: readonly P[] } | ExecutionResult> {
  const pieces: P[] = [];
  const events = new ServerSentEvents();
  let ended = false;
  let wrong: string | undefined;
  const onLines = (lines: string): void => {
    for (const data of wrong === undefined && !ended ? events.read(lines) : []) {
      if (data === DONE) {
        ended = true;
        return;
      }
      const read = readPiece(data, dialect);
      if ('wrong' in read) {
        wrong = read.wrong;
        return;
      }
      pieces.push(read.piece);
      deliver?.(read.piece);
      if (dialect.ends(read.piece)) ended = true;
    }
  };
  const answer = await http.send(call, { repeatable: false, signal, onLines });
  if (!answer.ok) return failedOf(answer, false);
  if (wrong !== undefined) return { status: 'unknown', code: 'RESPONSE_UNEXPECTED', detail: wrong };
  if (!ended)
    return { status: 'unknown', code: 'OUTCOME_UNKNOWN', detail: 'The stream ended before the answer was whole.' };
  return { pieces };
}

function readPiece<P>(
  data: string,
  { parse, failed }: StreamDialect<P>,
): { readonly piece: P & JsonObject } | { readonly wrong: string } {
  try {
    const parsed: unknown = JSON.parse(data);
    if (!isJsonObject(parsed)) return { wrong: UNREADABLE };
    const wrong = failed(parsed);
    return wrong === undefined ? { piece: parse(parsed) } : { wrong };
  } catch {
    // What the error says may quote the stream.
    return { wrong: UNREADABLE };
  }
}

const UNREADABLE = 'The stream holds something that the connector cannot read.';
