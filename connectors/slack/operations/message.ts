import { z } from 'zod';
import { writeOperation } from '../../../src/connector/contract.ts';
import { isJsonObject } from '../../../src/lib/json.ts';
import { change, saying } from '../effects.ts';
import { idempotent, once, sdk } from '../evidence.ts';
import { channelId, timestamp } from '../ids.ts';
import { writing } from '../method-execution.ts';
import { ask, undetermined } from '../read-back.ts';
import { channel } from '../resources.ts';

const text = z.string().min(1).max(40_000);
const roles = { channel: 'destination', text: 'content', thread_ts: 'target', ts: 'target' } as const;
const onChannel = {
  resourceTypes: ['Slack::Channel'],
  resources: (input: { readonly channel: string }) => [channel(input.channel)] as const,
  provenance: { arguments: roles },
} as const;

/** Stands in the message's metadata, which members do not see: by it a read-back finds the message. */
const EVENT_TYPE = 'interlock_action';

const posted = z.object({ channel: z.string(), ts: z.string() });
const history = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      text: z.string().default(''),
      metadata: z.object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) }).optional(),
    }),
  ),
});

const post = writeOperation({
  ...onChannel,
  name: 'slack.message.post',
  description:
    'Says something in a channel, which another company may share. `@channel`, `@here` and `@everyone` call everybody in it.',
  input: z.strictObject({ channel: channelId, text, thread_ts: timestamp.optional() }),
  output: posted,
  effect: (input) => saying(input.text),
  effectKinds: ['communicate'],
  repeat: once('chat.postMessage'),
  execute: writing({
    method: 'chat.postMessage',
    fields: ({ thread_ts, ...input }, { actionId }) => ({
      ...input,
      ...(thread_ts === undefined ? {} : { thread_ts }),
      metadata: { event_type: EVENT_TYPE, event_payload: { id: actionId } },
    }),
    result: (body) => body,
  }),
  // Replies in a thread are not in the channel's history.
  probe: async (input, context) => {
    const { channel: at, thread_ts } = input;
    const where = thread_ts === undefined ? 'conversations.history' : 'conversations.replies';
    const asked = {
      channel: at,
      ...(thread_ts === undefined ? {} : { ts: thread_ts }),
      limit: RECENT,
      include_all_metadata: true,
    };
    const answer = await ask(where, asked, context);
    const found = answer.ok ? history.safeParse(answer.reply.body) : undefined;
    if (found?.success !== true) return undetermined(answer);
    const own = found.data.messages.find(({ metadata }) => metadata?.event_payload['id'] === context.actionId);
    if (own !== undefined) return { status: 'applied', result: { channel: at, ts: own.ts } };
    if (found.data.messages.length < RECENT) return { status: 'not-applied' };
    return { status: 'undetermined', detail: 'So much was said since that it may be further back.' };
  },
  undo: { none: 'Whoever was told has been told; the message itself can be deleted.' },
  evidence: [
    sdk('chat.postMessage: channel, text, thread_ts, metadata'),
    sdk('conversations.history: include_all_metadata'),
  ],
});

/** Messages of one look back. */
const RECENT = 200;

const update = writeOperation({
  ...onChannel,
  name: 'slack.message.update',
  description: 'Changes what the app has said before.',
  input: z.strictObject({ channel: channelId, ts: timestamp, text }),
  output: posted.extend({ former: z.object({ text: z.string() }).optional() }),
  effect: (input) => ({ ...saying(input.text), kind: 'update', reversible: 'operation' }),
  effectKinds: ['update'],
  repeat: idempotent('chat.update', 'sets the text of the message that is named'),
  execute: async (input, context) => {
    const before = await textAt(input, context);
    const done = await writing<typeof input>({ method: 'chat.update', result: (body) => body }, true)(input, context);
    if (done.status !== 'succeeded' || before === undefined || !isJsonObject(done.result)) return done;
    return { ...done, result: { ...done.result, former: { text: before } } };
  },
  probe: async (input, context) => {
    const there = await textAt(input, context);
    if (there === undefined) return { status: 'undetermined', detail: 'The message cannot be read.' };
    return there === input.text
      ? { status: 'applied', result: { channel: input.channel, ts: input.ts } }
      : { status: 'not-applied' };
  },
  undo: ({ channel: at, ts }, result) => {
    const former = isJsonObject(result) && isJsonObject(result['former']) ? result['former']['text'] : undefined;
    return typeof former === 'string'
      ? { operation: 'slack.message.update', input: { channel: at, ts, text: former } }
      : undefined;
  },
  evidence: [sdk('chat.update: channel, ts, text')],
});

async function textAt(
  { channel: at, ts }: { readonly channel: string; readonly ts: string },
  context: Parameters<typeof ask>[2],
): Promise<string | undefined> {
  const answer = await ask('conversations.history', { channel: at, latest: ts, inclusive: true, limit: 1 }, context);
  const found = answer.ok ? history.safeParse(answer.reply.body) : undefined;
  const message = found?.success === true ? found.data.messages.find((each) => each.ts === ts) : undefined;
  return message?.text;
}

const remove = writeOperation({
  ...onChannel,
  name: 'slack.message.delete',
  description: 'Deletes a message for good.',
  input: z.strictObject({ channel: channelId, ts: timestamp }),
  output: z.object({}),
  effect: () => change('delete'),
  effectKinds: ['delete'],
  repeat: once('chat.delete: a message that is gone is refused with message_not_found; it'),
  execute: writing({ method: 'chat.delete' }),
  probe: async (input, context) => {
    const answer = await ask(
      'conversations.history',
      { channel: input.channel, latest: input.ts, inclusive: true, limit: 1 },
      context,
    );
    const found = answer.ok ? history.safeParse(answer.reply.body) : undefined;
    if (found?.success !== true) return undetermined(answer);
    const isThere = found.data.messages.some(({ ts }) => ts === input.ts);
    return isThere ? { status: 'not-applied' } : { status: 'applied', result: {} };
  },
  undo: { none: 'Slack keeps no copy for members.' },
  evidence: [sdk('chat.delete: channel, ts')],
});

export const messageOperations = [post, update, remove] as const;
