import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Call } from '../../../src/action/action.ts';
import type { LiveEvent } from '../../../src/gate/answers.ts';
import type { Interlock } from '../../../src/gate/interlock.ts';
import type { Clock } from '../../../src/lib/clock.ts';
import { liveEvent } from '../../../src/surface/http/answer-schemas.ts';
import { type Harness, HOST, KEYS, LEAK, READ, request, startHarness } from './harness.ts';
import { answerOf, listen, open, readAll } from './raw-client.ts';

/** Timers that fire when the test says so. */
class ManualClock implements Clock {
  readonly #timers = new Map<() => void, number>();

  now(): number {
    return 0;
  }

  after(delayMs: number, callback: () => void): () => void {
    this.#timers.set(callback, delayMs);
    return () => this.#timers.delete(callback);
  }

  /** Fires every timer of this delay once. */
  fire(delayMs: number): void {
    for (const [callback, delay] of [...this.#timers]) {
      if (delay !== delayMs) continue;
      this.#timers.delete(callback);
      callback();
    }
  }

  get waiting(): number {
    return this.#timers.size;
  }
}

const BOUNDS = { eventStreams: 2, eventBufferBytes: 65_536, eventHeartbeatMs: 10, eventStreamMs: 1_000 };
let harness: Harness;
let clock: ManualClock;
let watchers: number;
let base: string;
beforeEach(async () => {
  clock = new ManualClock();
  watchers = 0;
  harness = await startHarness({ clock, bounds: BOUNDS, wrap: counted });
  base = `http://127.0.0.1:${await listen(harness.app)}`;
});
afterEach(() => harness.close());

/** The same gate, whose watchers are counted. */
function counted(interlock: Interlock): Interlock {
  return {
    ...interlock,
    watch(caller, listener) {
      const unwatch = interlock.watch(caller, listener);
      watchers++;
      return () => {
        watchers--;
        unwatch();
      };
    },
  };
}

/** What is held for open streams: watchers, and two timers for each. */
const held = () => [watchers, clock.waiting];

function follow(bearer: string = KEYS.admin, query = '') {
  return fetch(`${base}/v1/events${query}`, { headers: { authorization: `Bearer ${bearer}` } });
}

interface Frame {
  readonly event: string;
  readonly data: unknown;
}

/** The events of a stream as they come; comments are frames without data. */
async function* frames(response: Response): AsyncGenerator<Frame> {
  let text = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const fields = new Map(
        text
          .slice(0, end)
          .split('\n')
          .map((line) => line.split(/: (.*)/s, 2) as [string, string]),
      );
      text = text.slice(end + 2);
      const data = fields.get('data');
      yield {
        event: fields.get('event') ?? `:${fields.get('')}`,
        data: data === undefined ? undefined : JSON.parse(data),
      };
    }
  }
}

async function next(stream: AsyncGenerator<Frame>): Promise<Frame> {
  const { value, done } = await stream.next();
  if (done) throw new Error('the stream has ended');
  return value;
}

const act = (call: Call) => harness.app.inject(request('POST', '/v1/actions', harness.agent.token, call));

test('what is decided reaches those who watch, as described', async () => {
  const response = await follow();
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  const stream = frames(response);
  expect(await next(stream)).toEqual({ event: ':live', data: undefined });
  await act(LEAK);
  const { event, data } = await next(stream);
  expect(event).toBe('action.decided');
  expect(liveEvent.parse(data)).toMatchObject({ decision: 'deny', agent: 'planner', operation: LEAK.operation });
});

test('a stream of one workflow leaves out the others', async () => {
  const { id } = (
    await harness.app.inject(request('POST', '/v1/workflows', KEYS.opener, { onBehalfOf: { id: 'x' } }))
  ).json();
  const stream = frames(await follow(KEYS.admin, `?workflow=${id}`));
  await next(stream);
  await act(READ);
  await harness.app.inject(request('POST', `/v1/workflows/${id}/freeze`, KEYS.admin, { frozen: true, reason: 'x' }));
  expect((await next(stream)).data).toMatchObject({ workflow: id, type: 'workflow.frozen' });
});

test("another tenant's watcher sees nothing", async () => {
  const stream = frames(await follow(KEYS.otherAdmin));
  await next(stream);
  await act(READ);
  clock.fire(BOUNDS.eventHeartbeatMs);
  expect(await next(stream)).toEqual({ event: ':still here', data: undefined });
});

test.each([
  ['an agent', () => harness.agent.token, 'FORBIDDEN'],
  ['a key without the right', () => KEYS.opener, 'FORBIDDEN'],
  ['a stranger', () => 'nobody', 'UNAUTHENTICATED'],
])('%s does not get a stream', async (_who, bearer, code) => {
  expect(await (await follow(bearer())).json()).toMatchObject({ code });
  expect(held()).toEqual([0, 0]);
});

test('no more streams are open than the bound allows, and a closed one makes room', async () => {
  const streams = [frames(await follow()), frames(await follow())];
  for (const stream of streams) await next(stream);
  expect(await (await follow()).json()).toMatchObject({ code: 'TOO_MANY_STREAMS', status: 503 });
  clock.fire(BOUNDS.eventStreamMs);
  for (const stream of streams) expect((await next(stream)).event).toBe('end');
  expect(held()).toEqual([0, 0]);
  expect((await follow()).status).toBe(200);
});

test('a watcher that goes away is forgotten', async () => {
  const abort = new AbortController();
  const response = await fetch(`${base}/v1/events`, {
    headers: { authorization: `Bearer ${KEYS.admin}` },
    signal: abort.signal,
  });
  expect([response.status, held()]).toEqual([200, [1, 2]]);
  abort.abort();
  await expect.poll(held).toEqual([0, 0]);
});

test('a watcher that does not read is let go instead of filling the memory', async () => {
  const socket = open(Number(new URL(base).port));
  socket.write(`GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${KEYS.admin}\r\n\r\n`);
  await once(socket, 'readable');
  expect(held()).toEqual([1, 2]);
  const note = 'x'.repeat(16_384);
  let sent = 0;
  while (watchers > 0 && sent < 5_000) {
    await harness.interlock.freeze(harness.admin, harness.workflow, sent % 2 === 0, note);
    sent++;
  }
  expect(held()).toEqual([0, 0]);
  expect(note.length * sent).toBeLessThan(100_000_000);
  expect(answerOf(await readAll(socket)).body).toContain('event: end\ndata: {"reason":"the reader is too slow"}');
});

test('an event of many lines and strange characters is one frame', async () => {
  const stream = frames(await follow());
  await next(stream);
  const text = 'a\n\nevent: forged\ndata: {}\r\n\u2028<script>\u001b[31m';
  await harness.interlock.freeze(harness.admin, harness.workflow, true, text);
  const { event, data } = await next(stream);
  expect([event, (data as LiveEvent).text]).toEqual(['workflow.frozen', `frozen by root: ${text}`]);
});

test('closing the server ends the streams, and says so', async () => {
  const stream = frames(await follow());
  await next(stream);
  await harness.close();
  expect(await next(stream)).toEqual({ event: 'end', data: { reason: 'the server is closing' } });
});

test('a stream that has ended is not answered a second time', async () => {
  const reader = new AbortController();
  const response = await fetch(`${base}/v1/events`, {
    headers: { authorization: `Bearer ${KEYS.admin}` },
    signal: reader.signal,
  });
  expect(response.status).toBe(200);
  reader.abort();
  await expect.poll(held).toEqual([0, 0]);
  await harness.app.inject({ method: 'GET', url: '/livez', headers: { host: HOST } });
  expect(harness.logged()).not.toContain('FST_ERR_REP_ALREADY_SENT');
});
