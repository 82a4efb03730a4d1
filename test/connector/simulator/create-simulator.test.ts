import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Simulator, SimulatorFault, SimulatorOptions } from '../../../src/connector/contract.ts';
import { createSimulator, type SimulatorDefinition } from '../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';

const HANG_MS = 300;

async function start(
  definition: Partial<SimulatorDefinition> = {},
  options: Partial<SimulatorOptions> = {},
): Promise<Simulator> {
  const simulator = await createSimulator({
    settings: (origin) => ({ origin, password: 'simulated' }),
    handle(request, world) {
      const id = world.id();
      world.audit('thing.create', id, request.headers['x-correlation']);
      return { status: 201, body: { id } };
    },
    ...definition,
    options: { port: 0, ...options },
  });
  onTestFinished(() => simulator.close());
  return simulator;
}

const post = (simulator: Simulator, path = '/things', init: RequestInit = {}) =>
  fetch(`${simulator.origin}${path}`, { method: 'POST', ...init });

describe('a simulated system', () => {
  it('listens on loopback only, and says how its connector reaches it', async () => {
    const simulator = await start();
    expect(new URL(simulator.origin).hostname).toBe('127.0.0.1');
    expect(simulator.settings).toEqual({ origin: simulator.origin, password: 'simulated' });
  });

  it('refuses a port that is taken', async () => {
    const simulator = await start();
    await expect(start({}, { port: Number(new URL(simulator.origin).port) })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });

  it('gives its handler the request, taken apart', async () => {
    const seen: SimulatorRequest[] = [];
    const simulator = await start({
      handle(request) {
        seen.push(request);
        return { status: 204 };
      },
    });
    await post(simulator, '/api/a%2Fb/c?q=1&q=2', {
      body: '{"n":1}',
      headers: { 'X-Mark': 'm', 'content-type': 'application/json' },
    });
    await post(simulator, '/form', { body: new URLSearchParams({ grant: 'a b' }) });
    await post(simulator, '/text', { body: '<x/>', headers: { 'content-type': 'text/xml' } });
    await post(simulator, '/%ff');
    expect(seen[0]).toMatchObject({
      method: 'POST',
      path: '/api/a%2Fb/c',
      segments: ['api', 'a/b', 'c'],
      body: { n: 1 },
    });
    expect(seen[0]?.query.getAll('q')).toEqual(['1', '2']);
    expect(seen[0]?.headers['x-mark']).toBe('m');
    expect(seen[1]?.form.get('grant')).toBe('a b');
    expect(seen[1]?.body).toBeUndefined();
    expect(seen[2]?.body).toBe('<x/>');
    expect(seen[3]?.segments).toEqual(['%ff']);
  });

  it('records each effect with its call and correlation', async () => {
    const simulator = await start({}, { clock: { now: () => 7, after: () => () => undefined } });
    await post(simulator, '/things?a=1', { headers: { 'x-correlation': 'act_1' } });
    await post(simulator);
    expect(simulator.audit()).toEqual([
      { at: 7, call: 'POST /things', effect: 'thing.create', target: expect.any(String), correlation: 'act_1' },
      { at: 7, call: 'POST /things', effect: 'thing.create', target: expect.any(String) },
    ]);
  });

  it('has each effect in its file before anybody sees the answer', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const auditFile = join(folder, 'audit.jsonl');
    const simulator = await start({}, { auditFile });
    for (let count = 1; count <= 3; count++) {
      await post(simulator);
      const lines = readFileSync(auditFile, 'utf8').trimEnd().split('\n');
      expect(lines.map((line) => JSON.parse(line))).toEqual(simulator.audit());
      expect(lines).toHaveLength(count);
    }
  });

  it.each([
    ['the same seed gives the same ids', 5, 5, true],
    ['another seed gives others', 5, 6, false],
  ])('%s', async (_, first, second, same) => {
    const ids = await Promise.all(
      [first, second].map(async (seed) => {
        const simulator = await start({}, { seed });
        await post(simulator);
        await post(simulator);
        return simulator.audit().map(({ target }) => target);
      }),
    );
    expect(ids[0]?.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
    expect(new Set(ids[0]).size).toBe(2);
    expect(JSON.stringify(ids[0]) === JSON.stringify(ids[1])).toBe(same);
  });

  it('says so when its own handler fails', async () => {
    const handle = () => {
      throw new Error('broken simulation');
    };
    const response = await post(await start({ handle }));
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ simulator: 'broken simulation' });
  });

  it('sends JSON as JSON and other text as it is', async () => {
    const simulator = await start({
      handle: ({ path }) =>
        path === '/xml'
          ? { status: 200, headers: { 'Content-Type': 'text/xml' }, body: '<x/>' }
          : { status: 200, body: 'text' },
    });
    expect(await (await post(simulator, '/xml')).text()).toBe('<x/>');
    expect(await (await post(simulator, '/json')).text()).toBe('"text"');
  });
});

describe('a fault', () => {
  const answerOf = (response: Promise<Response>) => response.then(({ status }) => status).catch(() => 'no answer');

  it.each<[SimulatorFault, number, number | string]>([
    [{ when: 'before', answer: 503 }, 0, 503],
    [{ when: 'after', answer: 503 }, 1, 503],
    [{ when: 'before', answer: 'reset' }, 0, 'no answer'],
    [{ when: 'after', answer: 'reset' }, 1, 'no answer'],
    [{ when: 'before', answer: 'hang' }, 0, 'no answer'],
    [{ when: 'after', answer: 'hang' }, 1, 'no answer'],
  ])('%j has %d effects and shows %s, once', async (fault, effects, expected) => {
    const simulator = await start();
    simulator.fail(fault);
    const signal = AbortSignal.timeout(HANG_MS);
    expect(await answerOf(post(simulator, '/things', { signal }))).toBe(expected);
    expect(simulator.audit()).toHaveLength(effects);
    expect(await answerOf(post(simulator))).toBe(201);
    expect(simulator.audit()).toHaveLength(effects + 1);
  });

  it('meets only the calls it names, as often as it says', async () => {
    const simulator = await start();
    simulator.fail({ when: 'before', answer: 500, times: 2, call: 'POST /things' });
    const statuses: (number | string)[] = [];
    for (const path of ['/others', '/things/1', '/things', '/things'])
      statuses.push(await answerOf(post(simulator, path)));
    expect(statuses).toEqual([201, 500, 500, 201]);
  });

  it('speaks the vendor’s dialect where the simulator knows it', async () => {
    const refusal = (status: number) => ({ status, headers: { 'Retry-After': '3' }, body: { error: 'slow down' } });
    const simulator = await start({ refusal });
    simulator.fail({ when: 'before', answer: 429 });
    const response = await post(simulator);
    expect([response.status, response.headers.get('retry-after'), await response.json()]).toEqual([
      429,
      '3',
      { error: 'slow down' },
    ]);
  });
});

describe('control from another process', () => {
  const json = (body: unknown) => ({ body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

  it('adds faults and reads the audit log', async () => {
    const simulator = await start({}, { control: true });
    const added = await post(simulator, '/__simulator/faults', json({ when: 'after', answer: 500 }));
    expect(added.status).toBe(204);
    expect((await post(simulator)).status).toBe(500);
    const audit = await fetch(`${simulator.origin}/__simulator/audit`);
    expect(await audit.json()).toEqual(simulator.audit());
    expect(simulator.audit()).toHaveLength(1);
  });

  it.each([
    { when: 'during', answer: 500 },
    { when: 'after', answer: 99 },
    { when: 'after', answer: 500, extra: 1 },
    'x',
  ])('refuses the fault %j', async (fault) => {
    const simulator = await start({}, { control: true });
    expect((await post(simulator, '/__simulator/faults', json(fault))).status).toBe(400);
    expect((await post(simulator)).status).toBe(201);
  });

  it('is not there unless it was asked for', async () => {
    const simulator = await start({ handle: () => ({ status: 404 }) });
    expect((await post(simulator, '/__simulator/faults', json({ when: 'after', answer: 500 }))).status).toBe(404);
    expect((await fetch(`${simulator.origin}/__simulator/audit`)).status).toBe(404);
  });
});
