import { expect, test } from 'vitest';
import { createCircuitBreaker, settledAs } from '../../../src/connector/http/circuit-breaker.ts';
import type { HttpResult } from '../../../src/connector/http/http-client.ts';
import { BOUNDS } from '../../../src/lib/bounds.ts';
import { clientOf, read, startServer, write } from './loopback.ts';

function breakerAt() {
  const time = { now: 1_000 };
  return { time, breaker: createCircuitBreaker({ now: () => time.now, after: () => () => undefined }) };
}

test('a circuit opens after calls in a row without an answer, lets one call try, and closes on its answer', () => {
  const { breaker, time } = breakerAt();
  for (let call = 0; call < BOUNDS.circuitFailures; call++) {
    expect(breaker.enter()).toBeUndefined();
    breaker.settle('unanswered');
  }
  expect(breaker.enter()).toBe(BOUNDS.circuitRestMs);
  time.now += BOUNDS.circuitRestMs;
  expect(breaker.enter()).toBeUndefined();
  expect(breaker.enter()).toBeGreaterThan(0);
  breaker.settle('unanswered');
  expect(breaker.enter()).toBe(BOUNDS.circuitRestMs);
  time.now += BOUNDS.circuitRestMs;
  expect(breaker.enter()).toBeUndefined();
  breaker.settle('answered');
  expect(breaker.enter()).toBeUndefined();
  expect(breaker.enter()).toBeUndefined();
});

test('an answer in between closes it, and a call that was not sent by us neither opens nor blocks it', () => {
  const { breaker } = breakerAt();
  for (let call = 1; call < BOUNDS.circuitFailures; call++) breaker.settle('unanswered');
  breaker.settle('answered');
  for (let call = 1; call < BOUNDS.circuitFailures; call++) breaker.settle('unanswered');
  breaker.settle('unsent');
  expect(breaker.enter()).toBeUndefined();
});

const reply = (status: number) => ({ status, headers: {}, body: undefined });
test.each<[string, HttpResult, string]>([
  ['a success', { ok: true, reply: reply(200) }, 'answered'],
  ['a refusal', { ok: false, class: 'refused', detail: '', reply: reply(403) }, 'answered'],
  ['a rate limit', { ok: false, class: 'rate-limited', detail: '', reply: reply(429) }, 'answered'],
  ['a conflict to be tried again', { ok: false, class: 'unavailable', detail: '', reply: reply(409) }, 'answered'],
  ['a 503', { ok: false, class: 'unavailable', detail: '', reply: reply(503) }, 'unanswered'],
  ['a refused connection', { ok: false, class: 'unavailable', detail: '' }, 'unanswered'],
  ['a broken connection', { ok: false, class: 'ambiguous', detail: '' }, 'unanswered'],
  ['a credential that could not be had', { ok: false, class: 'credential', detail: '' }, 'unsent'],
  ['a path that is refused here', { ok: false, class: 'origin', detail: '' }, 'unsent'],
])('%s counts as it should', (_, result, expected) => {
  expect(settledAs(result)).toBe(expected);
});

test('a system that is down is left alone, and whoever calls is told when to come back', async () => {
  const { origin, requests } = await startServer((_, outgoing) => outgoing.writeHead(500).end());
  const client = clientOf(origin);
  for (let call = 0; call < BOUNDS.circuitFailures; call++) await client.send({ method: 'POST', path: '/a' }, write);
  expect(requests).toHaveLength(BOUNDS.circuitFailures);
  expect(await client.send({ method: 'POST', path: '/a' }, write)).toMatchObject({
    ok: false,
    class: 'unavailable',
    retryAfterMs: expect.any(Number),
  });
  expect(requests).toHaveLength(BOUNDS.circuitFailures);
});

test('refusals never open a circuit, however many there are', async () => {
  const { origin, requests } = await startServer((_, outgoing) => outgoing.writeHead(403).end());
  const client = clientOf(origin);
  for (let call = 0; call < 2 * BOUNDS.circuitFailures; call++) await client.send({ method: 'GET', path: '/a' }, read);
  expect(requests).toHaveLength(2 * BOUNDS.circuitFailures);
});
