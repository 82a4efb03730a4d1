import { compactDecrypt, exportJWK, generateKeyPair } from 'jose';
import { describe, expect, test } from 'vitest';
import { entraFailureOf } from '../../../connectors/entra/failure-of.ts';
import { filterText, quoted } from '../../../connectors/entra/odata-filter.ts';
import { readPages } from '../../../connectors/entra/pages.ts';
import { SEED } from '../../../connectors/entra/simulator/seed.ts';
import type { HttpCall, HttpReply } from '../../../src/connector/http/http-client.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { openWorld } from './entra-world.ts';

const { users, groups, applications, deleted } = SEED;

describe('a new secret', () => {
  const input = { applicationId: applications.payroll, displayName: 'import', endDateTime: '2026-03-01T00:00:00Z' };

  test('is answered to the operator’s key and to nobody else', async () => {
    const { publicKey, privateKey } = await generateKeyPair('RSA-OAEP-256', { extractable: true });
    const world = await openWorld({ sealTo: JSON.stringify(await exportJWK(publicKey)) });
    const answer = await world.run('entra.application.add-password', input);
    expect(JSON.stringify(answer)).not.toContain('simulated~');
    const { sealedSecret } = (answer as { result: { sealedSecret: string } }).result;
    const { plaintext } = await compactDecrypt(sealedSecret, privateKey);
    expect(new TextDecoder().decode(plaintext)).toMatch(/^simulated~/);
    await world.close();
  });

  test('is not made where there is no key to seal it to', async () => {
    const simulated = await openWorld();
    const { sealTo: _, ...settings } = simulated.simulator.settings;
    expect(simulated.operation('entra.application.add-password').kind).toBe('write');
    await simulated.close();
    const { default: entra } = await import('../../../connectors/entra/index.ts');
    const environment = { system: 'entra', clock: systemClock, baseDirectory: '.', log: () => undefined };
    const connected = await entra.connect(entra.settings.parse(settings), environment);
    expect(connected.operations.map(({ name }) => name)).not.toContain('entra.application.add-password');
  });

  test.each(['a key', '{}', '{"kty":"RSA","n":"AQAB","e":"AQAB","d":"private"}'])(
    'is never sealed to %j',
    async (sealTo) => {
      await expect(openWorld({ sealTo })).rejects.toMatchObject({ code: expect.stringMatching(/CONFIG|CONNECTOR/) });
    },
  );
});

describe('ids', () => {
  test.each(['me', 'ada@contoso.example', users.ada.toUpperCase(), `${users.ada}/x`, '..', '%2e%2e'])(
    'a user is not named %j',
    async (userId) => {
      const world = await openWorld();
      expect(world.operation('entra.user.delete').input.safeParse({ userId }).success).toBe(false);
      expect(
        world.operation('entra.group.add-member').input.safeParse({ groupId: groups.finance, memberId: userId })
          .success,
      ).toBe(false);
      await world.close();
    },
  );
});

describe('a filter', () => {
  test.each([
    ["O'Brien", "displayName eq 'O''Brien'"],
    [
      "x' or accountEnabled eq true or displayName eq 'x",
      "displayName eq 'x'' or accountEnabled eq true or displayName eq ''x'",
    ],
  ])('keeps %j inside its quotes', (value, text) => {
    expect(filterText([{ field: 'displayName', is: 'eq', value }])).toBe(text);
    // Every quote inside is doubled, so the literal ends where it should.
    expect(quoted(value).slice(1, -1).replaceAll("''", '')).not.toContain("'");
  });

  test('that would break out finds nobody', async () => {
    const world = await openWorld();
    const value = "x' or userType eq 'Member";
    const listed = await world.run('entra.user.list', { where: [{ field: 'displayName', value }] });
    expect(listed).toMatchObject({ status: 'succeeded', result: { items: [], truncated: false } });
    await world.close();
  });
});

describe('pages', () => {
  const answering = (links: readonly (string | undefined)[]) => {
    const calls: HttpCall[] = [];
    const send = async (call: HttpCall) => {
      const link = links[calls.length] ?? links.at(-1);
      calls.push(call);
      const body = {
        value: [{ id: String(calls.length) }],
        ...(link === undefined ? {} : { '@odata.nextLink': link }),
      };
      return { ok: true as const, reply: { status: 200, headers: {}, body } };
    };
    const context = { actionId: 'a', http: { send }, clock: systemClock, signal: AbortSignal.timeout(5_000) };
    return { calls, read: () => readPages({ path: '/v1.0/users' }, { limit: 100, context }) };
  };

  test('follow the whole link', async () => {
    const { calls, read } = answering([
      'https://graph.microsoft.com/v1.0/users?$skiptoken=a%20b&$top=5&x=1',
      undefined,
    ]);
    expect(await read()).toMatchObject({ items: [{ id: '1' }, { id: '2' }], truncated: false });
    expect(calls[1]?.query).toEqual({ $skiptoken: 'a b', $top: '5', x: '1' });
  });

  test.each(['https://graph.microsoft.com/v1.0/groups?$skiptoken=a', '/v1.0/users?$skiptoken=a', 'nonsense'])(
    'that lead to %j fail as a whole',
    async (link) => {
      const { calls, read } = answering([link]);
      expect(await read()).toMatchObject({ status: 'failed', code: 'RESPONSE_UNEXPECTED' });
      expect(calls).toHaveLength(1);
    },
  );

  test('that never end are cut, and say so', async () => {
    const { calls, read } = answering(['https://graph.microsoft.com/v1.0/users?$skiptoken=a']);
    expect(await read()).toMatchObject({ truncated: true });
    expect(calls).toHaveLength(20);
  });
});

describe('deleting twice', () => {
  test('is refused the second time: it never reaches what is already among the deleted', async () => {
    const world = await openWorld();
    expect(await world.run('entra.user.delete', { userId: users.ada })).toMatchObject({ status: 'succeeded' });
    expect(await world.run('entra.user.delete', { userId: users.ada })).toMatchObject({ status: 'failed' });
    expect(await world.run('entra.deleted-item.restore', { objectId: users.ada })).toMatchObject({
      status: 'succeeded',
    });
    expect(world.effects()).toEqual([`user.delete ${users.ada}`, `deleted-item.restore ${users.ada}`]);
    await world.close();
  });

  test('an unknown outcome of one who is nowhere stays unknown', async () => {
    const world = await openWorld();
    await world.run('entra.deleted-item.purge', { objectId: deleted.mallory });
    expect(await world.probe('entra.user.delete', { userId: deleted.mallory })).toMatchObject({
      status: 'undetermined',
    });
    await world.close();
  });
});

test('a mail whose answer was lost is found by its mark, and by nothing else', async () => {
  const world = await openWorld();
  const input = { userId: users.ada, to: ['grace@contoso.example'], subject: 'Lunch', body: 'At twelve?' };
  expect(await world.probe('entra.mail.send', input)).toMatchObject({ status: 'undetermined' });
  world.simulator.fail({ when: 'after', answer: 'reset', call: `POST /v1.0/users/${users.ada}/sendMail` });
  expect(await world.run('entra.mail.send', input)).toMatchObject({ status: 'unknown' });
  expect(await world.probe('entra.mail.send', input)).toMatchObject({ status: 'applied' });
  expect(world.effects()).toHaveLength(1);
  await world.close();
});

test.each([
  [{ status: 204 }, undefined],
  [{ status: 401, body: { error: { code: 'InvalidAuthenticationToken', message: '' } } }, 'credential'],
  [{ status: 403, body: { error: { code: 'Authorization_RequestDenied', message: '' } } }, 'refused'],
  [{ status: 404, body: 'nonsense' }, 'refused'],
  [{ status: 409, body: { error: { code: 'Directory_ConcurrencyViolation', message: '' } } }, 'unavailable'],
  [{ status: 429 }, 'rate-limited'],
  [{ status: 509, headers: { 'retry-after': '5' } }, 'rate-limited'],
  // What a code says of a server's own failure is no promise that nothing happened.
  [{ status: 503, body: { error: { code: 'TooManyRequests', message: '' } } }, 'ambiguous'],
  [{ status: 504 }, 'ambiguous'],
  [{ status: 302 }, 'refused'],
])('%j is %s', (reply, expected) => {
  const whole: HttpReply = { headers: {}, body: undefined, ...(reply as Partial<HttpReply> & { status: number }) };
  expect(entraFailureOf(systemClock)(whole)?.class).toBe(expected);
});
