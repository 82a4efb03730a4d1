import { describe, expect, test } from 'vitest';
import { type AskedOf, askExtAuthz } from './ask-ext-authz.ts';
import { startAskedInterlock } from './asked-interlock.ts';

const LISTING: AskedOf = { method: 'GET', path: '/api/invoices' };

/** What a question says beside or instead of the listing, and the code of its refusal. */
const ODD: readonly (readonly [string, Partial<AskedOf>, string])[] = [
  ['has another path among its headers', { headers: { ':path': '/api/payments' } }, 'REQUEST_AMBIGUOUS'],
  ['has another method among its headers', { headers: { ':method': 'DELETE' } }, 'REQUEST_AMBIGUOUS'],
  ['has a header in two cases', { headers: { 'X-Tenant': 'a', 'x-tenant': 'b' } }, 'REQUEST_AMBIGUOUS'],
  ['has no path', { path: '' }, 'REQUEST_AMBIGUOUS'],
  ['has no method', { method: '' }, 'UNKNOWN_OPERATION'],
  ['has a path of a proxy', { path: 'http://x/api/invoices' }, 'REQUEST_AMBIGUOUS'],
  ['climbs', { path: '/api/x/%2e%2e/invoices' }, 'REQUEST_AMBIGUOUS'],
  ['has a very long path', { path: `/api/${'a'.repeat(100_000)}` }, 'REQUEST_AMBIGUOUS'],
  ['joins two tokens', { headers: { authorization: 'Bearer a,Bearer b' } }, 'UNAUTHENTICATED'],
];

describe('a question over gRPC that', () => {
  test.each(ODD)('%s is refused', async (_why, odd, code) => {
    const asked = await startAskedInterlock();
    const { token } = await asked.agent();
    const headers = { authorization: `Bearer ${token}`, ...odd.headers };
    const answer = await askExtAuthz(asked.meshPort, { ...LISTING, ...odd, headers });
    expect(answer.ok_response ?? null).toBeNull();
    expect(JSON.parse(answer.denied_response?.body ?? '')).toMatchObject({ code });
  });

  test('says the same thing in both places is decided', async () => {
    const asked = await startAskedInterlock();
    const { token } = await asked.agent();
    const headers = { authorization: `Bearer ${token}`, ':path': '/api/invoices', ':method': 'GET' };
    expect(await askExtAuthz(asked.meshPort, { ...LISTING, headers })).toMatchObject({ status: { code: 0 } });
  });
});
