import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Authentication, ExecutionContext } from '../../../src/connector/contract.ts';
import { basicAuthentication } from '../../../src/connector/http/authentication/basic-authentication.ts';
import { clientCredentialsAuthentication } from '../../../src/connector/http/authentication/client-credentials-authentication.ts';
import { headerAuthentication } from '../../../src/connector/http/authentication/header-authentication.ts';
import { refreshTokenAuthentication } from '../../../src/connector/http/authentication/refresh-token-authentication.ts';
import type { HttpReply } from '../../../src/connector/http/http-client.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { createSimulator, type SimulatorResponse } from '../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';
import { BOUNDS } from '../../../src/lib/bounds.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { clientOf, deadOrigin, hurriedClock, never, plainFailure, startServer, write } from './loopback.ts';

const SENTINEL = 'sentinel/5up3r+s3cr3t';
/** Every form in which it could come back. */
const CLUES = [
  SENTINEL,
  '5up3r',
  Buffer.from(SENTINEL).toString('base64'),
  Buffer.from(`ann:${SENTINEL}`).toString('base64'),
];

function expectNoClue(value: unknown): void {
  const shown = `${JSON.stringify(value)} ${inspect(value, { depth: 20, showHidden: true })}`;
  for (const clue of CLUES) expect(shown).not.toContain(clue);
}

/** A system that says back all that it was told, in its body, its headers and its redirects. */
async function startParrot(answer: (request: SimulatorRequest) => Partial<SimulatorResponse>): Promise<string> {
  const parrot = await createSimulator({
    options: { port: 0 },
    settings: () => ({}),
    handle: (request) => ({ status: 200, ...answer(request) }),
  });
  onTestFinished(() => parrot.close());
  return parrot.origin;
}

const echoed = (request: SimulatorRequest) => ({ sent: { ...request.headers }, form: request.form.toString() });
const tokenUrlThat = (answer: (request: SimulatorRequest) => Partial<SimulatorResponse>) =>
  startParrot(answer).then((origin) => `${origin}/token`);
const granted = async (name: 'access_token' | 'refresh_token') =>
  clientCredentialsAuthentication({
    tokenUrl: await tokenUrlThat(() => ({ body: { access_token: 'plain-token', expires_in: 60, [name]: SENTINEL } })),
    clientId: 'c',
    clientSecret: SENTINEL,
    style: 'form',
    clock: hurriedClock(),
  });
const deniedToken = (request: SimulatorRequest) => ({
  status: 400,
  body: { error: 'invalid_client', error_description: JSON.stringify(echoed(request)) },
});

const authentications: [string, () => Promise<Authentication>][] = [
  ['a password', async () => basicAuthentication({ username: 'ann', password: SENTINEL })],
  ['an API token', async () => headerAuthentication({ header: 'Authorization', value: `SSWS ${SENTINEL}` })],
  ['an API key', async () => headerAuthentication({ header: 'X-Key', value: SENTINEL })],
  ['a granted token', () => granted('access_token')],
  ['a rotated refresh token', () => granted('refresh_token')],
  [
    'a client secret that is refused',
    async () =>
      clientCredentialsAuthentication({
        tokenUrl: await tokenUrlThat(deniedToken),
        clientId: 'ann',
        clientSecret: SENTINEL,
        style: 'basic',
        clock: hurriedClock(),
      }),
  ],
  [
    'a refresh token that is refused',
    async () =>
      refreshTokenAuthentication({
        tokenUrl: await tokenUrlThat(deniedToken),
        clientId: 'ann',
        clientSecret: SENTINEL,
        refreshToken: SENTINEL,
        style: 'form',
        clock: hurriedClock(),
      }),
  ],
];

const answers: [string, () => Promise<string>][] = [
  ['a success that quotes the request', () => startParrot((request) => ({ body: echoed(request) }))],
  ['a refusal that quotes the request', () => startParrot((request) => ({ status: 400, body: echoed(request) }))],
  ['a 500 that quotes the request', () => startParrot((request) => ({ status: 500, body: echoed(request) }))],
  [
    'text that quotes the request',
    () =>
      startParrot((request) => ({ headers: { 'content-type': 'text/plain' }, body: JSON.stringify(echoed(request)) })),
  ],
  [
    'headers that quote the request',
    () => startParrot(({ headers }) => ({ headers: { 'x-echo': JSON.stringify(headers) } })),
  ],
  [
    'a redirect that quotes the request',
    () =>
      startParrot(({ headers }) => ({
        status: 302,
        headers: { location: `https://other.example/?a=${encodeURIComponent(JSON.stringify(headers))}` },
      })),
  ],
  ['a broken connection', () => startServer((_, outgoing) => void outgoing.destroy()).then(({ origin }) => origin)],
  ['no connection', deadOrigin],
];

/** A connector that repeats whatever it is told. */
const talkative = (reply: HttpReply) => {
  const failure = plainFailure(reply);
  return failure === undefined ? undefined : { ...failure, detail: `said ${JSON.stringify(reply.body)}` };
};

describe.each(authentications)('%s', (_, authenticationOf) => {
  it.each(answers)('comes back in nothing: %s', async (__, start) => {
    const http = clientOf(await start(), { authentication: await authenticationOf(), failureOf: talkative });
    for (const repeatable of [true, false]) {
      const call = { method: 'POST', path: '/a', body: {} } as const;
      expectNoClue(await http.send(call, { repeatable, signal: never }));
      const execute = httpExecution({ request: () => call, repeatable, result: ({ body }) => body });
      const context: ExecutionContext = { actionId: 'a1', http, clock: systemClock, signal: never };
      expectNoClue(await execute({}, context));
    }
  });

  it('does reach the system, so that the rules above are about something', async () => {
    const authentication = await authenticationOf();
    const seen: string[] = [];
    const origin = await startParrot((request) => {
      seen.push(JSON.stringify(request.headers));
      return {};
    });
    const headers = await authentication.headers(clientOf(origin)).catch(() => undefined);
    await clientOf(origin, { authentication }).send(
      { method: 'GET', path: '/a' },
      { repeatable: false, signal: never },
    );
    expect(seen).toHaveLength(headers === undefined ? 0 : 1);
    for (const value of Object.values(headers ?? {})) expect(seen[0]).toContain(JSON.stringify(value));
  });
});

describe('a detail', () => {
  const detailOf = async (body: string): Promise<string> => {
    const origin = await startParrot(() => ({ status: 400, headers: { 'content-type': 'text/plain' }, body }));
    const authentication = basicAuthentication({ username: 'ann', password: 'seven77' });
    const failureOf = (reply: HttpReply) => ({ class: 'refused', detail: String(reply.body) }) as const;
    const result = await clientOf(origin, { authentication, failureOf }).send({ method: 'GET', path: '/a' }, write);
    return result.ok ? '' : result.detail;
  };

  it.each([
    ['a short password of ours', 'not seven77 again', 'not [redacted] again'],
    ['a credential that is not ours', 'got Bearer abc.def from you', 'got Bearer [redacted] from you'],
    ['an ordinary sentence', 'No Record found', 'No Record found'],
  ])('is redacted by value and by shape: %s', async (_, body, expected) => {
    expect(await detailOf(body)).toBe(expected);
  });

  it('is bounded', async () => {
    expect(await detailOf('word '.repeat(100_000))).toHaveLength(BOUNDS.detailCharacters);
  });
});

describe('an authentication that throws', () => {
  it('tells nothing but that the credential failed', async () => {
    const authentication: Authentication = {
      headers: async () => {
        throw new Error(`could not use ${SENTINEL}`);
      },
      refused: () => false,
    };
    const { origin, requests } = await startServer((_, outgoing) => outgoing.end());
    const result = await clientOf(origin, { authentication }).send(
      { method: 'GET', path: '/a' },
      { repeatable: true, signal: never },
    );
    expect(result).toMatchObject({ ok: false, class: 'credential' });
    expectNoClue(result);
    expect(requests).toEqual([]);
  });
});

describe('a connector that cannot read a reply', () => {
  it('tells nothing of it, and leaves open what happened', async () => {
    const origin = await startParrot((request) => ({ body: echoed(request) }));
    const failureOf = (reply: HttpReply) => {
      throw new Error(JSON.stringify(reply));
    };
    const authentication = basicAuthentication({ username: 'ann', password: SENTINEL });
    const result = await clientOf(origin, { authentication, failureOf }).send(
      { method: 'POST', path: '/a' },
      { repeatable: false, signal: never },
    );
    expect(result).toMatchObject({ ok: false, class: 'ambiguous' });
    expectNoClue(result);
  });
});
