import { BOUNDS } from '../../src/lib/bounds.ts';
import { InterlockError } from '../../src/lib/errors.ts';

/**
 * A fetch that never leaves `origin`, follows no redirect, and reads no answer without end. Throws ORIGIN_LOCKED;
 * a body past the bound ends in RESPONSE_TOO_LARGE.
 */
export function lockedFetch(origin: string): typeof fetch {
  return async (target, init) => {
    const url = new URL(target instanceof Request ? target.url : target);
    if (url.origin !== origin)
      throw new InterlockError('ORIGIN_LOCKED', `the server named another address than ${origin}`);
    const response = await fetch(url, { ...init, redirect: 'manual' });
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      throw new InterlockError('ORIGIN_LOCKED', `${origin} answered with a redirect`);
    }
    return response.body === null ? response : new Response(response.body.pipeThrough(boundedBody(response)), response);
  };
}

/** Counts what arrives; a stream of events may go on for ever, so there each event is counted alone. */
function boundedBody(response: Response): TransformStream<Uint8Array, Uint8Array> {
  const isEventStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  let sizeBytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > BOUNDS.responseBytes) controller.error(new InterlockError('RESPONSE_TOO_LARGE'));
      else controller.enqueue(chunk);
      if (isEventStream && endsEvent(chunk)) sizeBytes = 0;
    },
  });
}

function endsEvent(chunk: Uint8Array): boolean {
  const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  return text.includes('\n\n') || text.includes('\r\n\r\n');
}
