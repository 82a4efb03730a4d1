import { describe, expect, test } from 'vitest';
import { SEED } from '../../../connectors/models/simulator/seed.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { dataOf, modelsWorld } from '../../connectors/models/models-world.ts';
import { answersChoices, answersText, type OddAnswer, oddWorld, refuses, streams } from './odd-provider.ts';

const HELLO = {
  model: SEED.models.small,
  messages: [{ role: 'user', content: 'hello there' }],
  max_completion_tokens: 16,
};
const USAGE = { prompt_tokens: 6, completion_tokens: 5, total_tokens: 11 };
const PROPOSAL = { index: 0, id: 'call_1', type: 'function', function: { name: 'send_mail', arguments: '{"to":"e' } };

const resets: OddAnswer = (response) => response.destroy();

interface Failing {
  readonly answer: OddAnswer;
  readonly status: number;
  readonly code: string;
  readonly outcome: 'failed' | 'unknown';
  /** What the call still counts for afterwards. */
  readonly counts: 'nothing' | 'reserved';
}

/** What a provider does wrong before the first piece of its answer. */
const FAILING: Readonly<Record<string, Failing>> = {
  'limits the rate': {
    answer: refuses(429, 'rate_limit_exceeded', { 'retry-after': '600' }),
    status: 429,
    code: 'RATE_LIMITED',
    outcome: 'failed',
    counts: 'nothing',
  },
  'has no quota left': {
    answer: refuses(429, 'insufficient_quota'),
    status: 400,
    code: 'EXECUTION_FAILED',
    outcome: 'failed',
    counts: 'nothing',
  },
  'refuses the key': {
    answer: refuses(401, 'invalid_api_key'),
    status: 502,
    code: 'CREDENTIAL_REFUSED',
    outcome: 'failed',
    counts: 'nothing',
  },
  'has an error': {
    answer: refuses(500, 'server_error'),
    status: 502,
    code: 'OUTCOME_UNKNOWN',
    outcome: 'unknown',
    counts: 'reserved',
  },
  'stands behind a sick proxy': {
    answer: (response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<html>bad gateway</html>'),
    status: 502,
    code: 'OUTCOME_UNKNOWN',
    outcome: 'unknown',
    counts: 'reserved',
  },
  'is overloaded': {
    answer: refuses(503, 'overloaded', { 'retry-after': '1' }),
    status: 502,
    code: 'OUTCOME_UNKNOWN',
    outcome: 'unknown',
    counts: 'reserved',
  },
  'closes the connection': {
    answer: resets,
    status: 502,
    code: 'OUTCOME_UNKNOWN',
    outcome: 'unknown',
    counts: 'reserved',
  },
};

describe.each(Object.entries(FAILING))('a provider that %s', (_title, failing) => {
  test.each([false, true])('is told to the client, recorded and accounted for (stream: %s)', async (stream) => {
    const { agent, interlock, asked } = await oddWorld(failing.answer);
    const { post, caller, workflow } = await agent();
    const response = await post('chat/completions', { ...HELLO, stream }, { 'idempotency-key': 'call-1' });
    const { error } = (await response.json()) as { error: JsonObject };
    expect({ status: response.status, code: error['code'] }).toEqual({ status: failing.status, code: failing.code });
    expect(response.headers.get('x-should-retry')).toBe('false');
    expect(asked).toHaveLength(1);
    expect(await interlock.action(caller, 'call-1')).toMatchObject({ outcome: { status: failing.outcome } });
    const { tokens } = await interlock.workflow(caller, workflow);
    expect(tokens > 0).toBe(failing.counts === 'reserved');
  });
});

test('a client is told how long the provider wants it to wait, and so is whoever asks for the action', async () => {
  const { agent, interlock } = await oddWorld(refuses(429, 'rate_limit_exceeded', { 'retry-after': '600' }));
  const { post, caller } = await agent();
  for (const stream of [false, true]) {
    const id = `limited-${stream}`;
    const response = await post('chat/completions', { ...HELLO, stream }, { 'idempotency-key': id });
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '600']);
    expect(await interlock.action(caller, id)).toMatchObject({ outcome: { retryAfterMs: 600_000 } });
  }
});

test('a limit that does not pass for four tries is told as one after which the client may try', async () => {
  const { agent, asked, interlock } = await oddWorld(refuses(429, 'rate_limit_exceeded', { 'retry-after-ms': '5' }));
  const { post, caller, workflow } = await agent();
  const response = await post('chat/completions', HELLO);
  expect([response.status, response.headers.get('x-should-retry'), response.headers.get('retry-after')]).toEqual([
    429,
    'true',
    '1',
  ]);
  expect(asked).toHaveLength(4);
  expect((await interlock.workflow(caller, workflow)).tokens).toBe(0);
});

test('a provider that nobody can reach was sent nothing, and the client may try again', async () => {
  const settings = (simulator: { settings: JsonObject }) => ({ ...simulator.settings, origin: 'http://127.0.0.1:1' });
  const { agent, interlock } = await modelsWorld({ settings });
  const { post, caller, workflow } = await agent();
  const response = await post('chat/completions', HELLO);
  const { error } = (await response.json()) as { error: JsonObject };
  expect([response.status, error['code'], response.headers.get('x-should-retry')]).toEqual([
    503,
    'SYSTEM_UNAVAILABLE',
    'true',
  ]);
  expect((await interlock.workflow(caller, workflow)).tokens).toBe(0);
});

test('a limit that passes soon is waited for here, and the client sees the answer alone', async () => {
  const limited = refuses(429, 'rate_limit_exceeded', { 'retry-after-ms': '5' });
  const said = answersChoices([{ role: 'assistant', content: 'hi' }], USAGE);
  const { agent, asked, interlock } = await oddWorld((response, nth) => (nth < 2 ? limited : said)(response, nth));
  const { post, caller, workflow } = await agent();
  expect((await post('chat/completions', HELLO)).status).toBe(200);
  expect(asked).toHaveLength(2);
  expect((await interlock.workflow(caller, workflow)).tokens).toBe(11);
});

const UNREADABLE: readonly (readonly [string, OddAnswer])[] = [
  ['is no JSON', answersText('{"id":')],
  ['is text', answersText('hello', 'text/plain')],
  ['is a page', answersText('<html></html>', 'text/html')],
  ['is empty', answersText('')],
  ['is another object', answersText('{"object":"list","data":[]}')],
  [
    'proposes a call without a name',
    answersChoices([{ role: 'assistant', tool_calls: [{ id: 'c', type: 'function' }] }]),
  ],
];

describe('an answer that', () => {
  test.each(UNREADABLE)(
    '%s is withheld, its spending stays reserved, and it is not asked for again',
    async (_title, answer) => {
      const { agent, interlock, asked } = await oddWorld(answer);
      const { post, caller, workflow } = await agent();
      const response = await post('chat/completions', HELLO);
      const { error } = (await response.json()) as { error: JsonObject };
      expect([response.status, error['code'], response.headers.get('x-should-retry')]).toEqual([
        502,
        'RESPONSE_UNEXPECTED',
        'false',
      ]);
      expect(asked).toHaveLength(1);
      expect((await interlock.workflow(caller, workflow)).tokens).toBeGreaterThan(11);
    },
  );
});

interface Broken {
  readonly deltas: readonly JsonObject[];
  readonly end: 'done' | 'cut' | 'silent';
}

const PROPOSING = [
  { index: 0, delta: { role: 'assistant', content: null } },
  { index: 0, delta: { tool_calls: [PROPOSAL] } },
];
const BROKEN: Readonly<Record<string, Broken>> = {
  'is cut in a word': { deltas: [{ index: 0, delta: { content: 'hel' } }], end: 'cut' },
  'just stops': { deltas: [{ index: 0, delta: { content: 'hel' } }], end: 'silent' },
  'is cut in a proposal': { deltas: PROPOSING, end: 'cut' },
  'stops in a proposal': { deltas: PROPOSING, end: 'silent' },
  'says that it is done in a proposal': { deltas: PROPOSING, end: 'done' },
};

describe('a stream that', () => {
  test.each(Object.entries(BROKEN))('%s ends in an error, and proposes nothing', async (_title, { deltas, end }) => {
    const { agent, interlock } = await oddWorld(streams(deltas, end));
    const { post, caller, workflow } = await agent();
    const call = { ...HELLO, stream: true };
    const text = await (await post('chat/completions', call, { 'idempotency-key': 'call-1' })).text();
    const last = JSON.parse(dataOf(text).at(-1) ?? '') as { error?: JsonObject };
    expect(last.error).toMatchObject({ type: 'interlock_error', action: 'call-1' });
    expect(text).not.toContain('[DONE]');
    const answer = await interlock.action(caller, 'call-1');
    expect(answer.outcome).toMatchObject({ status: 'unknown' });
    expect(answer.outcome).not.toHaveProperty('result');
    expect(JSON.stringify(await interlock.graph(caller, workflow))).not.toContain('send_mail');
    expect((await interlock.workflow(caller, workflow)).tokens).toBeGreaterThan(11);
  });

  test('ends as it should is settled at what it took', async () => {
    const said = [
      { index: 0, delta: { role: 'assistant', content: 'hi' } },
      { index: 0, delta: {}, finish_reason: 'stop' },
    ];
    const { agent, interlock } = await oddWorld(streams(said, 'done', { usage: USAGE }));
    const { post, caller, workflow } = await agent();
    expect(dataOf(await (await post('chat/completions', { ...HELLO, stream: true })).text()).at(-1)).toBe('[DONE]');
    expect((await interlock.workflow(caller, workflow)).tokens).toBe(11);
  });

  test.each(['length', 'content_filter'])(
    'stops in a proposal for %s is whole, and proposes nothing',
    async (reason) => {
      const said = [...PROPOSING, { index: 0, delta: {}, finish_reason: reason }];
      const { agent, interlock } = await oddWorld(streams(said, 'done', { usage: USAGE }));
      const { post, caller, workflow } = await agent();
      expect(await (await post('chat/completions', { ...HELLO, stream: true })).text()).toContain('[DONE]');
      expect((await interlock.workflow(caller, workflow)).tokens).toBe(11);
      expect(JSON.stringify(await interlock.graph(caller, workflow))).not.toContain('send_mail');
    },
  );

  test('has several answers keeps each in its place', async () => {
    const said = ['a', 'b'].flatMap((content, index) => [
      { index, delta: { role: 'assistant', content } },
      { index, delta: {}, finish_reason: 'stop' },
    ]);
    const { agent, interlock } = await oddWorld(streams(said, 'done', { usage: USAGE }));
    const { post, caller } = await agent();
    const call = { ...HELLO, n: 2, stream: true };
    await (await post('chat/completions', call, { 'idempotency-key': 'two' })).text();
    expect(await interlock.action(caller, 'two', 5_000)).toMatchObject({
      outcome: { result: { choices: [{ message: { content: 'a' } }, { message: { content: 'b' } }] } },
    });
  });
});

describe('a budget', () => {
  test.each([false, true])('that is used up is told once, with its code (stream: %s)', async (stream) => {
    const { agent, simulator } = await modelsWorld();
    const { post } = await agent({ limits: { tokens: 10 } });
    const response = await post('chat/completions', { ...HELLO, stream });
    const { error } = (await response.json()) as { error: JsonObject };
    expect([response.status, error['code'], response.headers.get('x-should-retry')]).toEqual([
      403,
      'LIMIT_REACHED',
      'false',
    ]);
    expect(error['message']).toContain('limit');
    expect(simulator.audit()).toEqual([]);
  });

  test('of tokens is never passed by streams at once, and what they did not take is free again', async () => {
    const { agent, interlock, simulator } = await modelsWorld();
    const reservedByOne = await (async () => {
      const { post, caller, workflow } = await agent();
      await post('chat/completions', { ...HELLO, model: SEED.models.silent });
      return (await interlock.workflow(caller, workflow)).tokens;
    })();
    const before = simulator.audit().length;
    const { post, caller, workflow } = await agent({ limits: { tokens: reservedByOne * 3 } });
    const all = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const response = await post('chat/completions', { ...HELLO, stream: true });
        await response.text();
        return response.status;
      }),
    );
    const allowed = all.filter((status) => status === 200).length;
    expect(all.filter((status) => status === 403).length).toBe(20 - allowed);
    expect(allowed).toBeGreaterThanOrEqual(3);
    expect(allowed).toBeLessThan(20);
    expect(simulator.audit().length - before).toBe(allowed);
    expect((await interlock.workflow(caller, workflow)).tokens).toBe(allowed * 11);
  });
});

test('a request that is too large is refused before anything is decided', async () => {
  const { agent, simulator } = await modelsWorld();
  const { post } = await agent();
  const messages = [{ role: 'user', content: 'x'.repeat(2 * 1_048_576) }];
  const response = await post('chat/completions', { ...HELLO, messages });
  const { error } = (await response.json()) as { error: JsonObject };
  expect([response.status, error['code'], response.headers.get('x-should-retry')]).toEqual([413, 'TOO_LARGE', 'false']);
  expect(simulator.audit()).toEqual([]);
});

test('a provider that never ends its answer costs what was reserved, and no client waits for it for ever', async () => {
  const endless: OddAnswer = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const more = () => {
      while (response.writable && response.write(`: ${'x'.repeat(65_536)}\n\n`));
      response.once('drain', more);
    };
    more();
  };
  const { agent, interlock } = await oddWorld(endless);
  const { post, caller, workflow } = await agent();
  const response = await post('chat/completions', { ...HELLO, stream: true });
  const { error } = (await response.json()) as { error: JsonObject };
  expect([response.status, error['code']]).toEqual([502, 'RESPONSE_TOO_LARGE']);
  expect((await interlock.workflow(caller, workflow)).tokens).toBeGreaterThan(11);
});
