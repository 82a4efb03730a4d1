import { describe, expect, test } from 'vitest';
import { SEED } from '../../connectors/models/simulator/seed.ts';
import { APPROVER, modelsWorld } from '../connectors/models/models-world.ts';
import { PERMIT_ALL } from '../support/test-gateway.ts';
import { loadSdk } from './judge-connector.ts';

interface Client {
  readonly chat: {
    readonly completions: {
      create(body: unknown, options?: unknown): Promise<AsyncIterable<Chunk> & Completion>;
      stream(body: unknown): { finalChatCompletion(): Promise<Completion> };
    };
  };
  readonly responses: {
    create(body: unknown): Promise<{ readonly output_text: string }>;
    stream(body: unknown): { finalResponse(): Promise<{ readonly output_text: string }> };
  };
  readonly embeddings: {
    create(body: unknown): Promise<{ readonly data: readonly { readonly embedding: readonly number[] }[] }>;
  };
  readonly models: {
    list(): Promise<{ readonly data: readonly { readonly id: string }[] }>;
    retrieve(id: string): Promise<{ readonly id: string }>;
  };
}
interface Chunk {
  readonly choices: readonly { readonly delta: { readonly content?: string | null } }[];
  readonly usage?: unknown;
}
interface Completion {
  readonly choices: readonly {
    readonly message: {
      readonly content: string | null;
      readonly tool_calls?: readonly { readonly id: string; readonly function: { readonly name: string } }[];
    };
  }[];
}

const { OpenAI } = loadSdk('openai') as { OpenAI: new (options: unknown) => Client }; // as its README has it
const model = SEED.models.small;
const messages = [{ role: 'user', content: 'hello there' }];
const TOOLS = [{ type: 'function', function: { name: 'find', parameters: { type: 'object', properties: {} } } }];

async function clientOf(policies = PERMIT_ALL) {
  const world = await modelsWorld({ policies });
  const agent = await world.agent();
  // Retries stay as they are: that nothing is sent twice is the server's word.
  return { ...world, ...agent, client: new OpenAI({ baseURL: world.baseURL, apiKey: agent.token }) };
}

const forbid = (unless: string): string => `${PERMIT_ALL}
  @id("rule") @title("A rule.") ${unless}
  forbid(principal, action in Action::"model", resource);`;

describe("the vendor's own client, pointed at Interlock", () => {
  test('gets answers, streams, vectors and lists as from the provider', async () => {
    const { client, simulator } = await clientOf();
    const answer = await client.chat.completions.create({ model, messages });
    expect(answer.choices[0]?.message.content).toBe('You said: hello there');
    let text = '';
    for await (const chunk of await client.chat.completions.create({ model, messages, stream: true })) {
      expect(chunk.usage ?? undefined).toBeUndefined();
      text += chunk.choices[0]?.delta.content ?? '';
    }
    expect(text).toBe('You said: hello there');
    expect((await client.responses.create({ model, input: 'hello' })).output_text).toBe('You said: hello');
    expect((await client.responses.stream({ model, input: 'hello' }).finalResponse()).output_text).toBe(
      'You said: hello',
    );
    const { data } = await client.embeddings.create({ model: SEED.models.embedding, input: ['a'] });
    expect(data).toHaveLength(1);
    expect((await client.models.list()).data.map(({ id }) => id)).toContain(model);
    expect((await client.models.retrieve(model)).id).toBe(model);
    expect(simulator.audit()).toHaveLength(5);
  });

  test('gets proposals of several tools, streamed and not, and can answer them', async () => {
    const { client } = await clientOf();
    const asked = [{ role: 'user', content: 'use find' }];
    const whole = await client.chat.completions.create({ model, messages: asked, tools: TOOLS });
    const streamed = await client.chat.completions
      .stream({ model, messages: asked, tools: TOOLS })
      .finalChatCompletion();
    for (const { choices } of [whole, streamed]) {
      const message = choices[0]?.message;
      expect(message?.tool_calls?.map((call) => call.function.name)).toEqual(['find']);
      const result = { role: 'tool', tool_call_id: message?.tool_calls?.[0]?.id, content: 'found' };
      const plain = JSON.parse(JSON.stringify({ ...message, parsed: undefined }), (name, value) =>
        name === 'parsed_arguments' ? undefined : value,
      );
      const next = await client.chat.completions.create({ model, messages: [...asked, plain, result], tools: TOOLS });
      expect(next.choices[0]?.message.content).toBe('You said: found');
    }
  });

  test('gets a stream of a redacted answer', async () => {
    const { client } = await clientOf(`${PERMIT_ALL}
      @id("redact") @title("Nobody reads answers.") @unless("redact(result.choices[*].message.content)")
      forbid(principal, action == Action::"models.chat.complete", resource);`);
    const final = await client.chat.completions.stream({ model, messages }).finalChatCompletion();
    expect(final.choices[0]?.message.content).toBe('[redacted]');
  });

  test('gets a stream of a redacted response', async () => {
    const { client } = await clientOf(`${PERMIT_ALL}
      @id("redact") @title("Nobody reads answers.") @unless("redact(result.output[*].content[*].text)")
      forbid(principal, action == Action::"models.response.create", resource);`);
    const final = await client.responses.stream({ model, input: 'hello' }).finalResponse();
    expect(final.output_text).toBe('[redacted]');
  });

  test.each([
    ['', 'DENIED_BY_POLICY'],
    ['@unless("approval(security)")', 'ACTION_HELD'],
  ])('is told of a refusal once, and does not repeat the call (%s)', async (unless, code) => {
    const { client, interlock, caller, workflow, simulator } = await clientOf(forbid(unless));
    for (const stream of [false, true])
      await expect(client.chat.completions.create({ model, messages, stream })).rejects.toMatchObject({
        status: 403,
        code,
      });
    expect(simulator.audit()).toEqual([]);
    const { version } = await interlock.workflow(caller, workflow);
    // The opening, the session, and one decision for each of the two calls.
    expect(version).toBe(4);
  });

  test('gets the answer of a call that a human has approved, by repeating it', async () => {
    const { client, interlock } = await clientOf(forbid('@unless("approval(security)")'));
    const again = () =>
      client.chat.completions.create({ model, messages }, { headers: { 'idempotency-key': 'call-1' } });
    await expect(again()).rejects.toMatchObject({ code: 'ACTION_HELD' });
    const [asked] = await interlock.approvals(APPROVER);
    await interlock.answerApproval(APPROVER, asked?.id ?? '', { answer: 'approve', reason: 'fine' });
    await expect
      .poll(() =>
        again().then(
          ({ choices }) => choices[0]?.message.content,
          () => undefined,
        ),
      )
      .toBe('You said: hello there');
  });

  test('is told where the provider breaks off', async () => {
    const { client, simulator } = await clientOf();
    const read = async (): Promise<void> => {
      for await (const _ of await client.chat.completions.create({
        model: SEED.models.broken,
        messages,
        stream: true,
      }));
    };
    await expect(read()).rejects.toThrow();
    expect(simulator.audit()).toHaveLength(1);
  });

  test('is told once of an answer that was lost, and the call is not made again', async () => {
    const { client, simulator } = await clientOf();
    simulator.fail({ when: 'after', answer: 'reset', times: 3 });
    await expect(client.chat.completions.create({ model, messages })).rejects.toMatchObject({ status: 502 });
    expect(simulator.audit()).toHaveLength(1);
  });
});
