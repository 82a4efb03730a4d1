import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { oktaFailureOf } from '../../../connectors/okta/failure-of.ts';
import type { Clock } from '../../../src/lib/clock.ts';

const NOW = 1_700_000_000_000;
const clock: Clock = { now: () => NOW, after: () => () => undefined };
const failureOf = oktaFailureOf(clock);
const call = { method: 'GET', path: '/api/v1/users' } as const;

const okta = (errorCode: string, errorSummary = 'No', causes: readonly string[] = []) => ({
  errorCode,
  errorSummary,
  errorLink: errorCode,
  errorId: 'oae123',
  errorCauses: causes.map((cause) => ({ errorSummary: cause })),
});

describe('how Okta says no', () => {
  test.each([
    [400, okta('E0000001'), 'refused'],
    [401, okta('E0000011'), 'credential'],
    [401, okta('E0000015'), 'refused'],
    [403, okta('E0000005'), 'credential'],
    [403, okta('E0000006'), 'refused'],
    [404, okta('E0000007'), 'refused'],
    [409, okta('E0000090'), 'refused'],
    [409, okta('E0000112'), 'unavailable'],
    [409, okta('E0000268'), 'unavailable'],
    [412, okta('E0000231'), 'refused'],
    [429, okta('E0000047'), 'rate-limited'],
    [500, okta('E0000009'), 'ambiguous'],
    [501, okta('E0000060'), 'refused'],
    [502, okta('E0000134'), 'ambiguous'],
    [503, okta('E0000010'), 'unavailable'],
    [503, '<html>', 'ambiguous'],
    [504, undefined, 'ambiguous'],
    [302, undefined, 'refused'],
    [408, undefined, 'ambiguous'],
    [404, 'not JSON', 'refused'],
  ])('%i with %j is %s', (status, body, expected) => {
    expect(failureOf({ status, headers: {}, body }, call)?.class).toBe(expected);
  });

  test('a success is no failure', () => {
    for (const status of [200, 201, 204])
      expect(failureOf({ status, headers: {}, body: undefined }, call)).toBeUndefined();
  });

  test('every status and every body maps to something', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 999 }), fc.anything(), (status, body) => {
        const failure = failureOf({ status, headers: {}, body }, call);
        expect(failure === undefined).toBe(status >= 200 && status < 300);
        expect(failure?.detail.length ?? 0).toBeLessThan(700);
      }),
    );
  });

  test('the words are Okta’s, with the id that its support asks for', () => {
    const body = okta('E0000001', 'Api validation failed: login', ['login: An object with this field already exists']);
    expect(failureOf({ status: 400, headers: {}, body }, call)?.detail).toBe(
      'E0000001: Api validation failed: login; login: An object with this field already exists (oae123)',
    );
  });

  test('the wait is until the reset, which is seconds since 1970, and one second more', () => {
    const headers = {
      'x-rate-limit-reset': String(NOW / 1_000 + 30),
      'x-rate-limit-limit': '600',
      'x-rate-limit-remaining': '0',
    };
    expect(failureOf({ status: 429, headers, body: okta('E0000047') }, call)?.retryAfterMs).toBe(31_000);
    expect(failureOf({ status: 429, headers: {}, body: undefined }, call)).toMatchObject({ class: 'rate-limited' });
  });
});
