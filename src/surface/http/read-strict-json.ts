import type { FastifyInstance } from 'fastify';
import { InterlockError } from '../../lib/errors.ts';
import type { Json } from '../../lib/json.ts';
import { parseJson } from '../../lib/parse-json.ts';

/** Replaces the framework's body parsers by the one strict parser; which media types come this far is checked before. */
export function readStrictJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    '*',
    { parseAs: 'buffer' },
    async (_request: unknown, body: Buffer): Promise<Json> => parseJson(utf8(body)),
  );
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A byte-order mark stays in the text, where the parser refuses it (RFC 8259 §8.1). */
function utf8(bytes: Buffer): string {
  try {
    return UTF_8.decode(bytes);
  } catch (cause) {
    throw new InterlockError('MALFORMED_JSON', 'the body is not UTF-8', { cause });
  }
}
