import { Transform } from 'node:stream';
import { BOUNDS } from '../../lib/bounds.ts';
import { InterlockError } from '../../lib/errors.ts';
import { parseJson } from '../../lib/parse-json.ts';
import { type ReadMessage, type RpcError, readMessage, refuseUnparsed } from './read-message.ts';

const NEWLINE = 0x0a;

/** Notifications that the protocol needs on a stream; neither causes an effect. */
const PASSED_ON: ReadonlySet<string> = new Set(['notifications/initialized', 'notifications/cancelled']);

/**
 * Lets through the lines of JSON-RPC that may go on, each written again from what the strict parser read, so that no
 * later parser can read it differently; answers the others itself.
 */
export function strictLines(answer: (error: RpcError) => void): Transform {
  let pending: Buffer[] = [];
  let pendingBytes = 0;

  function take(part: Buffer): void {
    pendingBytes += part.length;
    // Past the bound nothing is kept: the line is refused when it ends.
    pending = pendingBytes > BOUNDS.bodyBytes ? [] : [...pending, part];
  }

  function lineEnds(): string | undefined {
    const isTooLong = pendingBytes > BOUNDS.bodyBytes;
    const line = Buffer.concat(pending);
    pending = [];
    pendingBytes = 0;
    if (isTooLong) {
      answer(refuseUnparsed(new InterlockError('TOO_LARGE')));
      return undefined;
    }
    return judge(line, answer);
  }

  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      let from = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
        take(chunk.subarray(from, end));
        const line = lineEnds();
        if (line !== undefined) this.push(`${line}\n`);
        from = end + 1;
      }
      if (from < chunk.length) take(chunk.subarray(from));
      done();
    },
  });
}

function judge(line: Buffer, answer: (error: RpcError) => void): string | undefined {
  const text = line.toString('utf8').trim();
  if (text === '') return undefined;
  let message: ReadMessage;
  let body: ReturnType<typeof parseJson>;
  try {
    if (!Buffer.from(text).equals(trimmed(line))) throw new InterlockError('MALFORMED_JSON', 'the line is not UTF-8');
    body = parseJson(text);
    message = readMessage(body);
  } catch (thrown) {
    answer(refuseUnparsed(thrown));
    return undefined;
  }
  if (message.kind === 'refused') answer(message.answer);
  if (message.kind === 'request') return JSON.stringify(body);
  return message.kind === 'notification' && PASSED_ON.has(message.method) ? JSON.stringify(body) : undefined;
}

function trimmed(line: Buffer): Buffer {
  return Buffer.from(line.toString('latin1').trim(), 'latin1');
}
