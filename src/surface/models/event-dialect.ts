import type { JsonObject } from '../../lib/json.ts';
import type { ModelError } from './model-error.ts';

/** How an answer goes out as server-sent events. */
export interface EventDialect {
  /** A piece as it came; undefined where the client has not asked for it. */
  piece(piece: JsonObject, includeUsage: boolean): string | undefined;
  /** A whole answer, cut into the events that a stream of it would have. */
  whole(result: JsonObject, includeUsage: boolean): readonly string[];
  /** What stands behind the last piece of an answer that is whole. */
  readonly end: string;
  /** What went wrong after the stream began. */
  error(error: ModelError): string;
}

/** One event (HTML, "Server-sent events"). */
export function serverSentEvent(data: string, name?: string): string {
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${data}\n\n`;
}
