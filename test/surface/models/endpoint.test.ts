import { describe, expect, test } from 'vitest';
import { SEED } from '../../../connectors/models/simulator/seed.ts';
import type { Json, JsonObject } from '../../../src/lib/json.ts';
import { APPROVER, dataOf, modelsWorld } from '../../connectors/models/models-world.ts';
import { PERMIT_ALL } from '../../support/test-gateway.ts';

const model = SEED.models.small;
const HELLO = { model, messages: [{ role: 'user', content: 'hello there' }], max_completion_tokens: 16 };
const TOOL = { type: 'function', function: { name: 'send_mail', parameters: { type: 'object' } } };

const NO_HR = `${PERMIT_ALL}
@id("no-hr") @title("What HR has stays inside.")
forbid(principal in Label::"hr", action, resource) when { context.effect.external };`;
const ASK = `${PERMIT_ALL}
@id("ask") @title("Security looks at prompts.") @unless("approval(security, within: 10m)")
forbid(principal, action == Action::"models.chat.complete", resource);`;
const REDACT = `${PERMIT_ALL}
@id("redact") @title("Answers are read by nobody.") @unless("redact(result.choices[*].message.content)")
forbid(principal, action == Action::"models.chat.complete", resource);`;

const errorOf = async (response: Response): Promise<JsonObject> =>
  ((await response.json()) as { error: JsonObject }).error;
const joined = (text: string): string =>
  dataOf(text)
    .filter((data) => data !== '[DONE]')
    .flatMap((data) => (JSON.parse(data) as { choices?: { delta: { content?: string } }[] }).choices ?? [])
    .map(({ delta }) => delta.content ?? '')
    .join('');

describe('a call of a model', () => {
  test('is answered as the provider answers it, and is an action of the workflow', async () => {
    const { agent, interlock, simulator } = await modelsWorld();
    const { post, caller } = await agent();
    const response = await post('chat/completions', HELLO);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      object: 'chat.completion',
      choices: [{ message: { role: 'assistant', content: 'You said: hello there' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 6, completion_tokens: 5 },
    });
    const id = response.headers.get('x-interlock-action') ?? '';
    expect(await interlock.action(caller, id)).toMatchObject({ decision: 'allow', state: 'completed' });
    expect(simulator.audit()).toHaveLength(1);
  });

  test.each<[string, Json]>([
    ['embeddings', { model: SEED.models.embedding, input: ['a', 'b'] }],
    ['responses', { model, input: 'hello', max_output_tokens: 8 }],
    ['moderations', { input: 'harm' }],
  ])('%s', async (path, body) => {
    const { agent, simulator } = await modelsWorld();
    expect((await (await agent()).post(path, body)).status).toBe(200);
    expect(simulator.audit()).toHaveLength(1);
  });

  test('that is denied is a 403 that no client repeats, and nothing was sent', async () => {
    const { agent, interlock, simulator } = await modelsWorld({ policies: NO_HR });
    const { post, caller } = await agent();
    expect((await post('chat/completions', HELLO)).status).toBe(200);
    await interlock.run(caller, { operation: 'notes.note.read', input: { id: 'hr-1' } });
    for (const stream of [false, true]) {
      const response = await post('chat/completions', { ...HELLO, stream });
      expect(response.status).toBe(403);
      expect(response.headers.get('x-should-retry')).toBe('false');
      expect(await errorOf(response)).toMatchObject({ code: 'DENIED_BY_POLICY', type: 'interlock_error', param: null });
    }
    expect(simulator.audit()).toHaveLength(1);
  });

  test('goes on where the models run inside', async () => {
    const settings = (simulator: { settings: JsonObject }) => ({ ...simulator.settings, inside: true });
    const { agent, interlock } = await modelsWorld({ policies: NO_HR, settings });
    const { post, caller } = await agent();
    await interlock.run(caller, { operation: 'notes.note.read', input: { id: 'hr-1' } });
    expect((await post('chat/completions', HELLO)).status).toBe(200);
  });

  test('that a human must approve names the approval, and is answered when it is asked again', async () => {
    const { agent, interlock, simulator } = await modelsWorld({ policies: ASK });
    const { post } = await agent();
    const held = await post('chat/completions', HELLO);
    const error = await errorOf(held);
    expect([held.status, error['code']]).toEqual([403, 'ACTION_HELD']);
    expect(simulator.audit()).toHaveLength(0);
    const [approval] = error['approvals'] as [string];
    expect(error['message']).toContain(approval);
    await interlock.answerApproval(APPROVER, approval, { answer: 'approve', reason: 'fine' });
    const again = () => post('chat/completions', HELLO, { 'idempotency-key': String(error['action']) });
    await expect.poll(async () => (await again()).status).toBe(200);
    expect((await post('chat/completions', HELLO)).status).toBe(403);
    expect(simulator.audit()).toHaveLength(1);
  });

  test('proposes tool calls, which nobody makes and which the workflow shows', async () => {
    const { agent, interlock, notes } = await modelsWorld();
    const { post, caller, workflow } = await agent();
    const messages = [{ role: 'user', content: 'please use send_mail' }];
    const response = await post('chat/completions', { ...HELLO, messages, tools: [TOOL] });
    const body = (await response.json()) as { choices: { message: { tool_calls: JsonObject[] } }[] };
    expect(body.choices[0]?.message.tool_calls).toMatchObject([{ type: 'function', function: { name: 'send_mail' } }]);
    expect(notes.effects).toEqual([]);
    const { nodes } = await interlock.graph(caller, workflow);
    expect(JSON.stringify(nodes)).toContain('send_mail call_');
  });
});

describe('a stream', () => {
  test('comes in pieces that join to the answer, and says what it took only where that was asked', async () => {
    const { agent, simulator } = await modelsWorld();
    const { post } = await agent();
    const plain = await post('chat/completions', { ...HELLO, stream: true });
    expect(plain.headers.get('content-type')).toContain('text/event-stream');
    const text = await plain.text();
    expect(joined(text)).toBe('You said: hello there');
    expect(dataOf(text).length).toBeGreaterThan(5);
    expect(dataOf(text).at(-1)).toBe('[DONE]');
    expect(text).not.toContain('usage');
    const asked = await post('chat/completions', { ...HELLO, stream: true, stream_options: { include_usage: true } });
    expect(await asked.text()).toContain('"total_tokens":11');
    expect(simulator.audit()).toHaveLength(2);
  });

  test.each([false, true])('of an answer under an obligation has it applied (stream: %s)', async (stream) => {
    const { agent } = await modelsWorld({ policies: REDACT });
    const text = await (await (await agent()).post('chat/completions', { ...HELLO, stream })).text();
    expect(text).toContain('[redacted]');
    expect(text).not.toContain('hello there');
    if (stream) expect(dataOf(text).at(-1)).toBe('[DONE]');
  });

  test('that the provider ends too early ends in an error, and its outcome is unknown', async () => {
    const { agent, interlock } = await modelsWorld();
    const { post, caller } = await agent({ limits: { tokens: 100_000 } });
    const call = { ...HELLO, model: SEED.models.broken, stream: true };
    const text = await (await post('chat/completions', call, { 'idempotency-key': 'broken-1' })).text();
    expect(dataOf(text)).not.toContain('[DONE]');
    expect(JSON.parse(dataOf(text).at(-1) ?? '')).toMatchObject({ error: { code: 'OUTCOME_UNKNOWN' } });
    expect(await interlock.action(caller, 'broken-1')).toMatchObject({ outcome: { status: 'unknown' } });
  });

  test('that its client leaves is recorded as it ended', async () => {
    const { agent, interlock } = await modelsWorld();
    const { post, caller } = await agent();
    const response = await post('chat/completions', { ...HELLO, stream: true }, { 'idempotency-key': 'left-1' });
    await response.body?.cancel();
    expect(await interlock.action(caller, 'left-1', 5_000)).toMatchObject({ outcome: { status: 'succeeded' } });
  });

  test('of proposals has each with its place', async () => {
    const { agent } = await modelsWorld();
    const messages = [{ role: 'user', content: 'use send_mail and use find' }];
    const tools = [TOOL, { type: 'function', function: { name: 'find' } }];
    const text = await (
      await (await agent()).post('chat/completions', { ...HELLO, messages, tools, stream: true })
    ).text();
    expect(text).toContain('"index":1');
    expect(text).toContain('"finish_reason":"tool_calls"');
  });

  test.each(['hello', 'use send_mail'])('of a response ends with the whole of it (%s)', async (input) => {
    const { agent } = await modelsWorld();
    const tools = [{ type: 'function', name: 'send_mail', parameters: {}, strict: false }];
    const body = { model, input, tools, stream: true, max_output_tokens: 8 };
    const text = await (await (await agent()).post('responses', body)).text();
    expect(JSON.parse(dataOf(text).at(-1) ?? '')).toMatchObject({
      type: 'response.completed',
      response: { status: 'completed', usage: {} },
    });
  });
});

describe('what is no call of a model', () => {
  test.each<[string, Json | string, number, string]>([
    ['chat/completions', '{', 400, 'MALFORMED_JSON'],
    ['chat/completions', { ...HELLO, web_search_options: {} }, 400, 'INVALID_INPUT'],
    ['chat/completions', { ...HELLO, stream: 'yes' }, 400, 'INVALID_CALL'],
    ['chat/completions', { ...HELLO, stream: true, stream_options: { more: 1 } }, 400, 'INVALID_CALL'],
    ['chat/completions', [], 400, 'INVALID_CALL'],
    [
      'chat/completions',
      { ...HELLO, messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'x' } }] }] },
      400,
      'INVALID_INPUT',
    ],
    ['responses', { model, input: 'x', previous_response_id: 'resp_1' }, 400, 'INVALID_INPUT'],
    ['responses', { model, input: 'x', tools: [{ type: 'web_search' }] }, 400, 'INVALID_INPUT'],
    ['embeddings', { model, input: 'x', stream: true }, 400, 'INVALID_CALL'],
    ['images/generations', { prompt: 'x' }, 403, 'METHOD_NOT_GOVERNED'],
    ['files/../chat/completions', HELLO, 400, 'INVALID_CALL'],
    ['constructor', {}, 403, 'METHOD_NOT_GOVERNED'],
  ])('%s %j is refused in the words of the API', async (path, body, status, code) => {
    const { agent, simulator } = await modelsWorld();
    const response = await (await agent()).post(path.replaceAll('../', '%2e%2e%2f'), body);
    const error = await errorOf(response);
    expect([response.status, error['code']]).toEqual([status, code]);
    expect(simulator.audit()).toEqual([]);
  });

  test('a credential that is none is refused in the words of the API, and so is an operator', async () => {
    const { baseURL } = await modelsWorld();
    const response = await fetch(`${baseURL}/models`, { headers: { authorization: 'Bearer sk-none' } });
    expect(response.status).toBe(401);
    expect(await errorOf(response)).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('a model that the provider refuses is told in its own words, and gives back what was reserved', async () => {
    const { agent, interlock } = await modelsWorld();
    const { post, caller, workflow } = await agent();
    const response = await post('chat/completions', { ...HELLO, model: 'no-such-model' });
    expect(response.status).toBe(400);
    expect((await errorOf(response))['message']).toContain('does not exist');
    expect((await interlock.workflow(caller, workflow)).counts.spend).toBe(0);
  });
});
