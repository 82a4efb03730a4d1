import { readdir, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { PAGE_POLICY } from './security-headers.ts';

const FOLDER = new URL('./page/', import.meta.url);
const MEDIA_TYPES: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
]);

/** Serves the live page at `/` and its files under `/page/`. They are the same for everybody; what they show needs a key. */
export async function registerPage(app: FastifyInstance): Promise<void> {
  for (const name of await readdir(FOLDER)) {
    const mediaType = MEDIA_TYPES.get(extname(name));
    if (mediaType === undefined) continue;
    const bytes = await readFile(new URL(name, FOLDER));
    app.get(name === 'index.html' ? '/' : `/page/${name}`, async (_request, reply) =>
      reply.type(mediaType).header('content-security-policy', PAGE_POLICY).send(bytes),
    );
  }
}
