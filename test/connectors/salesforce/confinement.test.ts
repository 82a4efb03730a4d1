import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { exportPKCS8, generateKeyPair, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { SEED } from '../../../connectors/salesforce/simulator/seed.ts';
import { SIMULATED_APP } from '../../../connectors/salesforce/simulator/simulate-salesforce.ts';
import { createSimulator, type SimulatorResponse } from '../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { connectTo, openOrg } from './org-world.ts';

const TOKEN = '00Dtoken!that-must-stay-here';
const UNDELETE: readonly [string, JsonObject] = [
  'salesforce.record.undelete',
  { object: 'Contact', id: SEED.deleted.contact },
];
const GET: readonly [string, JsonObject] = [
  'salesforce.record.get',
  { object: 'Account', id: SEED.accounts.acme, fields: ['Name'] },
];

/** An org that grants a token and answers everything else as told. */
async function answering(answer: (request: SimulatorRequest) => SimulatorResponse) {
  const seen: SimulatorRequest[] = [];
  const simulator = await createSimulator({
    options: { port: 0 },
    settings: (origin) => ({ origin, ...SIMULATED_APP }),
    handle: (request) => {
      if (request.path === '/services/oauth2/token')
        return {
          status: 200,
          body: { access_token: TOKEN, token_type: 'Bearer', instance_url: 'https://evil.example' },
        };
      seen.push(request);
      return answer(request);
    },
  });
  return { seen, ...(await connectTo(simulator, simulator.settings)) };
}

/** There is one such record. */
const ONE: SimulatorResponse = { status: 200, body: { totalSize: 1 } };
const xml = (status: number, body: string): SimulatorResponse => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body,
});

describe('jsforce stays inside', () => {
  test.each([301, 302, 303, 307, 308])('a redirect with %s is not followed, to nowhere', async (status) => {
    const other = await answering(() => ({ status: 200, body: {} }));
    const here = await answering(() => ({ status, headers: { location: `${other.simulator.origin}/stolen` } }));
    expect(await here.run(...GET)).toMatchObject({ status: 'failed', code: 'ORIGIN_LOCKED' });
    expect(await here.run(...UNDELETE)).toMatchObject({ code: 'ORIGIN_LOCKED' });
    expect(other.seen).toEqual([]);
    await here.simulator.close();
    await other.simulator.close();
  });

  test.each([
    'https://evil.example/services/data/v67.0/query/01gx-2000',
    '//evil.example/services/data/v67.0/query/01gx-2000',
    '/services/data/v67.0/query/../sobjects/User',
    '/services/data/v67.0/query/01gx-2000?x=1',
    '/services/oauth2/revoke',
  ])('a next page at %s is not asked for', async (nextRecordsUrl) => {
    const here = await answering(() => ({
      status: 200,
      body: { totalSize: 2, done: false, nextRecordsUrl, records: [] },
    }));
    const result = await here.run('salesforce.record.query', { object: 'Account', fields: ['Name'] });
    expect(result).toMatchObject({ status: 'failed', code: 'RESPONSE_UNEXPECTED' });
    expect(here.seen).toHaveLength(1);
    await here.simulator.close();
  });

  test('a result without an end is given up, and no part of it is answered', async () => {
    const nextRecordsUrl = '/services/data/v67.0/query/01gx-2000';
    const here = await answering(() => ({
      status: 200,
      body: { totalSize: 2, done: false, nextRecordsUrl, records: [] },
    }));
    const result = await here.run('salesforce.record.query', { object: 'Account', fields: ['Name'] });
    expect(result).toMatchObject({ status: 'failed' });
    expect(here.seen).toHaveLength(20);
    await here.simulator.close();
  });

  test.each([UNDELETE, GET])('a token that comes back in an error of %s is redacted', async (operation, input) => {
    const here = await answering(({ headers, body, path }) =>
      path.endsWith('/queryAll')
        ? ONE
        : operation === GET[0]
          ? { status: 400, body: [{ errorCode: 'X', message: `you sent ${headers['authorization']}` }] }
          : xml(
              500,
              `<f><faultcode>sf:INVALID_FIELD</faultcode><faultstring>you sent ${String(body)}</faultstring></f>`,
            ),
    );
    const result = await here.run(operation, input);
    expect(result).toMatchObject({ status: 'failed', code: 'EXECUTION_FAILED' });
    expect(JSON.stringify(result)).not.toContain(TOKEN);
    await here.simulator.close();
  });

  test('the token goes into the header of the envelope, and jsforce’s place for it is gone', async () => {
    const here = await answering(({ path }) =>
      path.endsWith('/queryAll')
        ? ONE
        : xml(200, '<e:Envelope><e:Body><r><result><success>true</success></result></r></e:Body></e:Envelope>'),
    );
    await here.run(...UNDELETE);
    expect(String(here.seen[1]?.body)).toContain(`<sessionId>${TOKEN}</sessionId>`);
    expect(here.seen[1]?.headers['authorization']).toBe(`Bearer ${TOKEN}`);
    await here.simulator.close();
  });

  test.each([
    [
      'an entity of its own',
      '<!DOCTYPE a [<!ENTITY x "EXPANDED">]><e:Envelope><e:Body><r><result><id>&x;</id></result></r></e:Body></e:Envelope>',
    ],
    [
      'a file',
      '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><e:Envelope><e:Body><r><result><id>&x;</id></result></r></e:Body></e:Envelope>',
    ],
  ])('an answer with %s expands to nothing', async (_what, body) => {
    const here = await answering(() => xml(200, body));
    const result = await here.run('salesforce.recycle-bin.empty', { ids: [SEED.deleted.contact] });
    expect(JSON.stringify(result)).not.toMatch(/EXPANDED|root:/);
    expect(result).toMatchObject({ status: 'unknown' });
    await here.simulator.close();
  });
});

test('jsforce writes no log, whatever its environment asks for', async () => {
  const program = join(import.meta.dirname, 'run-one-call.ts');
  const env = { ...process.env, JSFORCE_LOG_LEVEL: 'DEBUG', SFDX_LOG_LEVEL: 'DEBUG' };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program], { env });
  expect(stdout + stderr).toBe('');
});

describe('a connected app', () => {
  test('proves itself by an assertion for its user, that its key has signed', async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
    const seen: unknown[] = [];
    const acceptsAssertion = async (assertion: string) => {
      const { payload } = await jwtVerify(assertion, publicKey, { audience: 'https://test.salesforce.com' });
      seen.push([payload.iss, payload.sub]);
      return true;
    };
    const app = { username: 'robot@example.com', audience: 'https://test.salesforce.com', clientSecret: null };
    const settings = { ...app, privateKey: await exportPKCS8(privateKey) };
    const org = await openOrg({ acceptsAssertion, settings });
    expect(await org.run(...GET)).toMatchObject({ status: 'succeeded' });
    expect(seen).toEqual([[SIMULATED_APP.clientId, 'robot@example.com']]);
  });

  test.each([[{ clientSecret: 'another' }], [{ clientId: 'another' }]])(
    'with %j is refused, and nothing happens',
    async (settings) => {
      const org = await openOrg({ settings });
      expect(await org.run(...UNDELETE)).toMatchObject({ status: 'failed', code: 'CREDENTIAL_REFUSED' });
      expect(await org.run('salesforce.record.delete', { object: 'Contact', id: SEED.contacts.road })).toMatchObject({
        code: 'CREDENTIAL_REFUSED',
      });
      expect(org.effects()).toEqual([]);
    },
  );

  test('is told of a retired version, and of the quota that is spent', async () => {
    const retired = await openOrg({ settings: { version: '30.0' } });
    expect(await retired.run(...GET)).toMatchObject({ status: 'failed', detail: expect.stringContaining('retired') });
    const spent = await openOrg({ dailyRequests: 0 });
    expect(await spent.run('salesforce.record.delete', { object: 'Contact', id: SEED.contacts.road })).toMatchObject({
      status: 'failed',
      code: 'RATE_LIMITED',
      detail: expect.stringContaining('api-usage=0/0'),
    });
    expect(spent.effects()).toEqual([]);
  });
});
