import { describe, expect, it, onTestFinished } from 'vitest';
import type { Simulator, SimulatorFault } from '../../../src/connector/contract.ts';
import type { HttpResult } from '../../../src/connector/http/http-client.ts';
import { createSimulator } from '../../../src/connector/simulator/create-simulator.ts';
import { BOUNDS } from '../../../src/lib/bounds.ts';
import type { Clock } from '../../../src/lib/clock.ts';
import { clientOf, deadOrigin, plainFailure, read, startServer, write } from './loopback.ts';

/** A system whose every POST is an effect; `calls` counts what reached its handler. */
async function startSystem(): Promise<Simulator> {
  const simulator = await createSimulator({
    options: { port: 0 },
    settings: (origin) => ({ origin }),
    handle(request, world) {
      if (request.method === 'POST') world.audit('thing.create', request.path);
      return { status: 200, body: { id: 1 } };
    },
  });
  onTestFinished(() => simulator.close());
  return simulator;
}

const call = { method: 'POST', path: '/things' } as const;
const reset = (when: SimulatorFault['when']): SimulatorFault => ({ when, answer: 'reset' });

async function outcomeOf(
  fault: SimulatorFault,
  options: typeof read,
): Promise<{ result: HttpResult; effects: number }> {
  const system = await startSystem();
  system.fail(fault);
  const result = await clientOf(system.origin).send(call, options);
  return { result, effects: system.audit().length };
}

describe('a call that must happen at most once', () => {
  it.each([
    ['a reset before apply', reset('before'), 0],
    ['a reset after apply', reset('after'), 1],
    ['a 500 before apply', { when: 'before', answer: 500 }, 0],
    ['a 500 after apply', { when: 'after', answer: 500 }, 1],
    ['a 504 after apply', { when: 'after', answer: 504 }, 1],
  ] as const)('is not sent again after %s', async (_, fault, expected) => {
    const { result, effects } = await outcomeOf({ ...fault, times: 1 }, write);
    expect(result).toMatchObject({ ok: false, class: 'ambiguous' });
    expect(effects).toBe(expected);
  });

  it.each([429, 503] as const)('is sent again after a %d that says that nothing happened', async (answer) => {
    const { result, effects } = await outcomeOf({ when: 'before', answer, times: 2 }, write);
    expect(result).toMatchObject({ ok: true });
    expect(effects).toBe(1);
  });

  it('is sent again when the connection was refused, and fails as certainly not sent', async () => {
    const result = await clientOf(await deadOrigin()).send(call, write);
    expect(result).toMatchObject({ ok: false, class: 'unavailable', detail: expect.stringContaining('ECONNREFUSED') });
  });

  it('may have happened when nobody answers in time', async () => {
    const system = await startSystem();
    system.fail({ when: 'after', answer: 'hang' });
    const result = await clientOf(system.origin, { timeoutMs: 2_000 }).send(call, write);
    expect(result).toMatchObject({ ok: false, class: 'ambiguous', timedOut: true });
    expect(system.audit()).toHaveLength(1);
  });

  it('is certainly not sent when its time was over before', async () => {
    const system = await startSystem();
    const result = await clientOf(system.origin).send(call, { repeatable: false, signal: AbortSignal.abort() });
    expect(result).toMatchObject({ ok: false, class: 'unavailable' });
    expect(system.audit()).toEqual([]);
  });
});

describe('a repeatable call', () => {
  it.each<[string, SimulatorFault]>([
    ['a reset', reset('before')],
    ['a 500', { when: 'before', answer: 500 }],
    ['a 503', { when: 'before', answer: 503 }],
    ['a 429', { when: 'before', answer: 429 }],
    ['a connection that hangs', { when: 'before', answer: 'hang' }],
  ])('is sent again after %s', async (_, fault) => {
    const { result, effects } = await outcomeOf(fault, read);
    expect(result).toMatchObject({ ok: true });
    expect(effects).toBe(1);
  });

  it.each([400, 403, 404, 409, 422])('is not sent again after a %d', async (answer) => {
    const { result, effects } = await outcomeOf({ when: 'before', answer }, read);
    expect(result).toMatchObject({ ok: false, class: 'refused' });
    expect(effects).toBe(0);
  });

  it('is sent a bounded number of times', async () => {
    const { origin, requests } = await startServer((_, outgoing) => outgoing.writeHead(503).end());
    expect(await clientOf(origin).send(call, read)).toMatchObject({ ok: false, class: 'unavailable' });
    expect(requests).toHaveLength(BOUNDS.outboundAttempts);
  });

  it('stays ambiguous when only its later tries certainly did nothing', async () => {
    const system = await startSystem();
    system.fail(reset('after'));
    system.fail({ when: 'before', answer: 503, times: BOUNDS.outboundAttempts });
    expect(await clientOf(system.origin).send(call, read)).toMatchObject({ ok: false, class: 'ambiguous' });
    expect(system.audit()).toHaveLength(1);
  });
});

describe('a call that only reads', () => {
  it('fails as its last try did, whatever broke before', async () => {
    const system = await startSystem();
    system.fail(reset('before'));
    system.fail({ when: 'before', answer: 404 });
    const result = await clientOf(system.origin).send({ ...call, method: 'GET' }, { ...read, reads: true });
    expect(result).toMatchObject({ ok: false, class: 'refused', reply: { status: 404 } });
  });
});

describe('the system’s own pace', () => {
  const hinted = (retryAfterMs: number) => ({
    failureOf: (reply: Parameters<typeof plainFailure>[0]) => {
      const failure = plainFailure(reply);
      return failure === undefined ? undefined : { ...failure, retryAfterMs };
    },
  });

  /** Answers every wait at once and writes down how long it was; deadlines stay open. */
  function recordingClock(waits: number[], deadlineMs: number): Clock {
    return {
      now: () => 0,
      after(delayMs, callback) {
        if (delayMs >= deadlineMs / 2) return () => undefined;
        waits.push(delayMs);
        const timer = setImmediate(callback);
        return () => clearImmediate(timer);
      },
    };
  }

  it.each([
    ['a hint within the time is waited for', 2_500, [2_500, 2_500, 2_500]],
    ['a hint shorter than the back-off does not hurry it', 1, [150, 300, 600]],
    ['a hint past the time ends the call at once', 60_000, []],
  ])('is kept: %s', async (_, retryAfterMs, expected) => {
    const { origin, requests } = await startServer((__, outgoing) => outgoing.writeHead(429).end());
    const waits: number[] = [];
    const clock = recordingClock(waits, 30_000);
    const result = await clientOf(origin, { ...hinted(retryAfterMs), clock, timeoutMs: 30_000 }).send(call, write);
    expect(result).toMatchObject({ ok: false, class: 'rate-limited', retryAfterMs });
    expect(waits).toEqual(expected);
    expect(requests).toHaveLength(expected.length + 1);
  });
});

describe('a status that the connector takes for a success', () => {
  it.each([
    [200, true],
    [404, true],
    [500, false],
    [503, false],
  ])('is one at %d: %s', async (status, ok) => {
    const { origin } = await startServer((_, outgoing) => outgoing.writeHead(status).end());
    const result = await clientOf(origin, { failureOf: () => undefined }).send(call, write);
    expect(result).toMatchObject(ok ? { ok, reply: { status } } : { ok, class: 'ambiguous', reply: { status } });
  });
});
