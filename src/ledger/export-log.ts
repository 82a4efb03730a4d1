import type { StoredEvent } from '../action/event.ts';
import type { Head, StreamId } from '../action/log-port.ts';
import { InterlockError } from '../lib/errors.ts';
import type { LedgerReader } from '../workflow/log-reader.ts';

interface ExportRequest {
  readonly reader: LedgerReader;
  /** Left out: everything. */
  readonly stream?: StreamId | undefined;
}

/**
 * The log as newline-delimited JSON, line by line without line feeds; see `exportLine` for the lines. It exports what is
 * stored, broken or not: {@link verifyExport} judges it anywhere. Throws NOT_FOUND for an unknown workflow.
 */
export async function* exportLog({ reader, stream }: ExportRequest): AsyncGenerator<string> {
  if (stream !== undefined && (await reader.stream(stream)) === undefined) {
    throw new InterlockError('NOT_FOUND', `The log has no workflow ${stream.workflow}.`);
  }
  const total = { workflows: 0, events: 0 };
  yield JSON.stringify({ export: { v: 1, scope: stream ?? 'all' } });
  for await (const { tenant, workflow } of stream === undefined ? reader.streams() : [stream]) {
    yield JSON.stringify({ workflow: { tenant, workflow } });
    let end: Pick<Head, 'version' | 'hash'> | undefined;
    for await (const event of reader.events({ tenant, workflow })) {
      yield eventLine(event);
      end = { version: event.seq, hash: event.hash };
      total.events++;
    }
    yield JSON.stringify({ end: end ?? { version: 0, hash: '' } });
    total.workflows++;
  }
  yield JSON.stringify({ total });
}

/** Its members in one order, whatever reader they come from: the same log is the same export. */
function eventLine({ seq, v, type, at, prev, payloadDigest, hash, payload }: StoredEvent): string {
  return JSON.stringify({ event: { seq, v, type, at, prev, payloadDigest, hash, payload: payload ?? null } });
}
