/** The bare servers beside which the gateway's is measured, in a process of their own: the same bytes back, at once or once rows are on the disk. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BareGroupCommit } from '../bare-group-commit.ts';
import type { RecordedRows } from './recorded-rows.ts';

const { file, rows } = JSON.parse(process.argv[2] ?? '{}') as { readonly file: string; readonly rows: RecordedRows };
const commits = await BareGroupCommit.open(file);

/** What happens before the answer, by path. */
const BEFORE: Readonly<Record<string, () => Promise<void> | void>> = {
  '/livez': () => undefined,
  '/echo': () => undefined,
  '/decide': () => commits.append(rows.decision),
  '/run': () => commits.append(rows.decision).then(() => commits.append(rows.outcome)),
};

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer); // without an encoding, chunks are buffers
  const body = Buffer.concat(chunks);
  await BEFORE[request.url ?? '']?.();
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
}

const server = createServer((request, response) => void answer(request, response));
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () =>
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
);
process.once('disconnect', () => process.exit());
