import { afterAll, beforeAll, expect, test } from 'vitest';
import { ERRORS, type ErrorCode, InterlockError } from '../../../src/lib/errors.ts';
import { problemSchema } from '../../../src/surface/http/problem.ts';
import { type Harness, KEYS, request, startHarness } from './harness.ts';

let failure: unknown;
let harness: Harness;
beforeAll(async () => {
  const refuse = () => Promise.reject(failure);
  harness = await startHarness({ wrap: (interlock) => ({ ...interlock, workflows: refuse, ready: refuse }) });
});
afterAll(() => harness.close());

/** Asks for something that fails as told. */
async function fail(thrown: unknown, path = '/v1/workflows') {
  failure = thrown;
  return harness.app.inject(request('GET', path, KEYS.admin));
}

test.each(Object.keys(ERRORS) as ErrorCode[])(
  '%s becomes a problem with the status and words of the table',
  async (code) => {
    const response = await fail(new InterlockError(code, 'what happened', { data: { path: 'input.a' } }));
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
  const response = await fail(new InterlockError('RATE_LIMITED', undefined, { data: { retryAfterMs: 1_500 } }));
  expect([response.headers['retry-after'], response.json().retryAfter]).toEqual(['2', 2]);
});

test('what nobody foresaw is INTERNAL: logged by its stack, told to nobody', async () => {
  const config = { headers: { authorization: 'Bearer canary' } };
  const response = await fail(Object.assign(new Error('lost it'), { config }));
  expect(response.json()).toMatchObject({ status: 500, code: 'INTERNAL', detail: ERRORS.INTERNAL.title });
  expect(response.body).not.toContain('lost it');
  expect(harness.logged()).toContain('lost it');
  expect(harness.logged()).not.toContain('canary');
});

test('a server that is not ready tells strangers the code and no detail', async () => {
  const response = await fail(new InterlockError('LOG_UNAVAILABLE', 'the disk at a secret place is full'), '/readyz');
  expect(response.json()).toMatchObject({ status: 503, code: 'LOG_UNAVAILABLE', detail: ERRORS.LOG_UNAVAILABLE.title });
});
