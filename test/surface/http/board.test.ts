import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { DeadLetters } from '../../../src/enrich/bullmq/dead-letters.ts';
import { openQueues } from '../../../src/enrich/bullmq/open-queue.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { registerBoard } from '../../../src/surface/http/register-board.ts';
import { hasRedis, type RedisServer, startRedis } from '../../support/redis-server.ts';
import { launchBrowser, withoutBrowser } from './browser.ts';
import { HOST, KEYS, startHarness } from './harness.ts';

const NAME = 'interlock-enrich-files';
const SECRET = 'person-of-another-tenant';

describe.skipIf(!hasRedis)('the board of look-ups', () => {
  let server: RedisServer;
  let opened = 0;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.stop());

  async function world() {
    opened += 1;
    const redis = { url: server.url, prefix: `t${opened}` };
    const { queues, close } = await openQueues(redis, ['files'], systemClock);
    const [queue] = queues;
    if (queue === undefined) throw new Error('there is one');
    const subject = { type: 'user', id: SECRET } as const;
    await queue.add('filesUserRisk', { tenant: 'acme', workflow: 'wf_1', fact: 'filesUserRisk', subject, anew: false });
    const harness = await startHarness({ board: { queues, tenant: 'acme' } });
    onTestFinished(async () => {
      await harness.close();
      await close();
    });
    const ask = (url: string, authorization?: string, method: 'GET' | 'PUT' = 'GET') =>
      harness.app.inject({ url, method, headers: { host: HOST, ...(authorization && { authorization }) } });
    return { ...harness, queue, redis, ask };
  }

  const basic = (key: string): string => `Basic ${Buffer.from(`me:${key}`).toString('base64')}`;
  const PATHS = ['/queues', '/queues/api/queues', `/queues/queue/${NAME}`, '/queues/static/favicon-32x32.png'];

  test.each(PATHS)('is shown to an administrator: %s', async (path) => {
    const { ask } = await world();
    for (const credential of [`Bearer ${KEYS.admin}`, basic(KEYS.admin)]) {
      const { statusCode, headers } = await ask(path, credential);
      expect(statusCode).toBe(200);
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['cache-control']).not.toContain('public');
    }
  });

  test.each(
    PATHS.flatMap((path) => [
      { path, who: 'nobody', credential: undefined, status: 401 },
      { path, who: 'an unknown key', credential: 'Bearer wrong', status: 401 },
      { path, who: 'an unknown password', credential: basic('wrong'), status: 401 },
      { path, who: 'an operator without the right', credential: `Bearer ${KEYS.approver}`, status: 403 },
      { path, who: 'an administrator of another tenant', credential: basic(KEYS.otherAdmin), status: 403 },
    ]),
  )('is not shown to $who: $path', async ({ path, credential, status }) => {
    const { ask } = await world();
    const { statusCode, body, headers } = await ask(path, credential);
    expect(statusCode).toBe(status);
    expect(body).not.toContain(SECRET);
    expect(body).not.toContain('Interlock: look-ups');
    expect(headers['content-type']).toContain('problem+json');
    if (status === 401) expect(headers['www-authenticate']).toContain('Basic');
  });

  test('is not shown to an agent', async () => {
    const { ask, agent } = await world();
    expect(await ask('/queues/api/queues', `Bearer ${agent.token}`)).toMatchObject({ statusCode: 403 });
  });

  test('lets an administrator alone act on a queue, and no page of another site', async () => {
    const { ask, queue, app } = await world();
    const pause = `/queues/api/queues/${NAME}/pause`;
    expect(await ask(pause, `Bearer ${KEYS.approver}`, 'PUT')).toMatchObject({ statusCode: 403 });
    expect(await ask(pause, undefined, 'PUT')).toMatchObject({ statusCode: 401 });
    const elsewhere = { host: HOST, origin: 'https://evil.example', authorization: basic(KEYS.admin) };
    expect(await app.inject({ url: pause, method: 'PUT', headers: elsewhere })).toMatchObject({ statusCode: 403 });
    expect(await queue.isPaused()).toBe(false);
    expect(await ask(pause, basic(KEYS.admin), 'PUT')).toMatchObject({ statusCode: 200 });
    expect(await queue.isPaused()).toBe(true);
  });

  test('refuses pages of other sites by itself, wherever it is mounted', async () => {
    const { queue, interlock } = await world();
    const app = Fastify();
    onTestFinished(() => app.close());
    const authenticate = (bearer: string) => interlock.authenticate(bearer);
    await registerBoard(app, { path: '/queues', queues: [queue], tenant: 'acme', authenticate });
    const sent = (origin: string) => ({ host: HOST, origin, authorization: basic(KEYS.admin) });
    const url = `/queues/api/queues/${NAME}/pause`;
    const asked = (origin: string) => app.inject({ url, method: 'PUT', headers: sent(origin) });
    expect(await asked('https://evil.example')).toMatchObject({ statusCode: 403 });
    expect(await queue.isPaused()).toBe(false);
    expect(await asked(`http://${HOST}`)).toMatchObject({ statusCode: 200 });
  });

  test('says nothing of what failed within', async () => {
    const { ask, queue } = await world();
    await queue.close();
    const { statusCode, body } = await ask('/queues/api/queues/none/pause', basic(KEYS.admin), 'PUT');
    expect(statusCode).toBeGreaterThanOrEqual(400);
    expect(body).not.toMatch(/\bat .*\.js/);
  });

  test.skipIf(withoutBrowser())('is a page that a browser shows, and loads nothing from elsewhere', async () => {
    const { app, redis } = await world();
    await app.listen({ host: '127.0.0.1', port: 0 });
    const address = app.server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const letters = await DeadLetters.open({ redis, systems: ['files'], clock: systemClock });
    const browser = await launchBrowser();
    onTestFinished(async () => {
      await browser.close();
      await letters.close();
    });
    const httpCredentials = { username: 'me', password: KEYS.admin };
    const context = await browser.newContext({ httpCredentials });
    const page = await context.newPage();
    const asked = new Set<string>();
    page.on('request', (request) => void asked.add(new URL(request.url()).host));
    await page.goto(`http://127.0.0.1:${port}/queues/queue/${NAME}?status=waiting`);
    await page.getByText('filesUserRisk').first().waitFor();
    const folder = process.env['INTERLOCK_TEST_PICTURES'];
    if (folder !== undefined) {
      mkdirSync(folder, { recursive: true });
      await page.screenshot({ path: join(folder, 'board.png') });
    }
    const answered = [...asked].filter((host) => host !== 'fonts.googleapis.com');
    expect(answered).toEqual([`127.0.0.1:${port}`]);
  });
});
