import { pino } from 'pino';
import { expect, test } from 'vitest';
import { ERRORS, type ErrorCode, InterlockError } from '../../../src/lib/errors.ts';
import { createHttpSurface } from '../../../src/surface/http/create-http-surface.ts';
import { problemSchema } from '../../../src/surface/http/problem.ts';
import { HOST, request, startHarness } from './harness.ts';
import { KEYS, MemoryInterlock } from './memory-interlock.ts';

/** A gate that fails every listing as it is told. */
class FailingInterlock extends MemoryInterlock {
  readonly #failure: unknown;

  constructor(failure: unknown) {
    super();
    this.#failure = failure;
  }

  override workflows(): Promise<never> {
    return Promise.reject(this.#failure);
  }

  override ready(): Promise<never> {
    return Promise.reject(this.#failure);
  }
}

async function fail(failure: unknown, path = '/v1/workflows') {
  const interlock = new FailingInterlock(failure);
  const harness = await startHarness({ interlock });
  const response = await harness.app.inject(request('GET', path, KEYS.admin));
  await harness.close();
  return { response, log: await harness.log() };
}

test.each(Object.keys(ERRORS) as ErrorCode[])(
  '%s becomes a problem with the status and words of the table',
  async (code) => {
    const { response } = await fail(new InterlockError(code, 'what happened', { data: { path: 'input.a' } }));
    const { status, title, hint, retryable } = ERRORS[code];
    expect(response.statusCode).toBe(status);
    expect(problemSchema.parse(response.json())).toEqual({
      type: `/errors/${code}`,
      title,
      status,
      detail: 'what happened',
      code,
      hint,
      requestId: response.headers['x-request-id'],
      retryable,
      data: { path: 'input.a' },
    });
  },
);

test('a problem that says when to come back says it in its header, too', async () => {
  const { response } = await fail(new InterlockError('RATE_LIMITED', undefined, { data: { retryAfterMs: 1_500 } }));
  expect([response.headers['retry-after'], response.json().retryAfter]).toEqual(['2', 2]);
});

test('what nobody foresaw is INTERNAL: logged by its stack, told to nobody', async () => {
  const failure = Object.assign(new Error('lost it'), { config: { headers: { authorization: 'Bearer canary' } } });
  const { response, log } = await fail(failure);
  expect(response.json()).toMatchObject({ status: 500, code: 'INTERNAL', detail: ERRORS.INTERNAL.title });
  expect(response.body).not.toContain('lost it');
  expect(log).toContain('lost it');
  expect(log).not.toContain('canary');
});

test('a server that is not ready tells strangers the code and no detail', async () => {
  const { response } = await fail(
    new InterlockError('LOG_UNAVAILABLE', 'the disk at a secret place is full'),
    '/readyz',
  );
  expect(response.json()).toMatchObject({ status: 503, code: 'LOG_UNAVAILABLE', detail: ERRORS.LOG_UNAVAILABLE.title });
});

test('a surface without its page has nothing at /', async () => {
  const interlock = new MemoryInterlock();
  const options = { interlock, allowedHosts: [HOST], allowedOrigins: [], logger: pino({ enabled: false }) };
  const statuses = [];
  for (const shown of [true, false]) {
    const app = await createHttpSurface({ ...options, console: shown });
    statuses.push((await app.inject(request('GET', '/'))).statusCode);
    await app.close();
  }
  expect(statuses).toEqual([200, 404]);
});
