import { expect, test } from 'vitest';
import { BOUNDS } from '../../../src/lib/bounds.ts';
import { governedMcp } from './governed-mcp.ts';
import { behindHttp } from './obedient-http.ts';

test('a server over streamable HTTP is called with its own credential, and 2026-07-28 is spoken where it can be', async () => {
  const { server, settings } = await behindHttp();
  const { run } = await governedMcp(settings);
  expect((await run('test.tool.note', { say: 'hello' })).outcome).toMatchObject({
    status: 'succeeded',
    result: { content: [{ text: 'hello' }] },
  });
  expect(new Set(server.seen.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer upstream-secret']));
  expect(server.seen.at(-1)).toMatchObject({
    'mcp-method': 'tools/call',
    'mcp-name': 'note',
    'mcp-protocol-version': '2026-07-28',
  });
});

test('a redirect is not followed, and nothing is sent to where it leads', async () => {
  const { settings, server } = await behindHttp();
  const { run } = await governedMcp(settings);
  const other = await behindHttp();
  const before = other.server.seen.length;
  server.answer = (response) => response.writeHead(307, { location: other.server.url }).end();
  expect((await run('test.tool.note', { say: 'x' })).outcome).toMatchObject({
    status: 'failed',
    code: 'ORIGIN_LOCKED',
  });
  expect(other.server.seen.length).toBe(before);
});

const STATUSES = [
  { status: 401, outcome: 'failed', code: 'CREDENTIAL_REFUSED' },
  { status: 403, outcome: 'failed', code: 'CREDENTIAL_REFUSED' },
  { status: 404, outcome: 'failed', code: 'SYSTEM_UNAVAILABLE' },
  { status: 429, outcome: 'failed', code: 'RATE_LIMITED' },
  { status: 500, outcome: 'unknown', code: 'OUTCOME_UNKNOWN' },
  { status: 503, outcome: 'unknown', code: 'OUTCOME_UNKNOWN' },
] as const;
for (const { status, outcome, code } of STATUSES) {
  test(`a write answered with ${status} is ${outcome}`, async () => {
    const { settings, server } = await behindHttp();
    const { run } = await governedMcp(settings);
    server.answer = (response) => response.writeHead(status).end('no');
    expect((await run('test.tool.note', { say: 'x' })).outcome).toMatchObject({ status: outcome, code });
    expect(server.calls).toEqual([]);
  });
}

test('a write whose connection is cut is unknown; a read has failed; the next call works', async () => {
  for (const [kind, status] of [
    ['execute', 'unknown'],
    ['read', 'failed'],
  ] as const) {
    const { settings, server } = await behindHttp({ kind });
    const { run } = await governedMcp(settings);
    server.answer = (response) => response.destroy();
    expect((await run('test.tool.note', { say: 'x' })).outcome.status).toBe(status);
    server.answer = undefined;
    expect((await run('test.tool.note', { say: 'x' })).outcome.status).toBe('succeeded');
  }
});

test('an answer without end is cut off', async () => {
  const { settings, server } = await behindHttp();
  const { run } = await governedMcp(settings);
  const block = Buffer.alloc(1_048_576, 'x');
  server.answer = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('"');
    let left = 2 * (BOUNDS.responseBytes / block.length);
    const more = (): void => {
      if (left-- <= 0) response.end('"');
      else if (!response.write(block)) response.once('drain', more);
      else more();
    };
    more();
  };
  expect((await run('test.tool.note', { say: 'x' })).outcome).toMatchObject({
    status: 'unknown',
    code: 'RESPONSE_TOO_LARGE',
  });
});

test('a write that is ended from outside after it was sent is unknown', async () => {
  const { settings, server } = await behindHttp();
  const { registry } = await governedMcp(settings);
  const { definition, context } = registry.operation('test.tool.note');
  const ending = new AbortController();
  const call = definition.execute({ do: 'hang' }, context('act_1', ending.signal));
  await server.called;
  ending.abort();
  expect(await call).toMatchObject({ status: 'unknown', code: 'EXECUTION_TIMEOUT' });
});

test('a call that is ended before it is sent is never sent', async () => {
  const { settings, server } = await behindHttp();
  const { registry } = await governedMcp(settings);
  const { definition, context } = registry.operation('test.tool.note');
  expect(await definition.execute({ say: 'x' }, context('act_1', AbortSignal.abort()))).toMatchObject({
    status: 'failed',
  });
  expect(server.calls).toEqual([]);
});
