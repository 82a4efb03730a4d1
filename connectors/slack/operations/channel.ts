import { z } from 'zod';
import { readOperation, type WriteOperation, writeOperation } from '../../../src/connector/contract.ts';
import { isJsonObject } from '../../../src/lib/json.ts';
import { change } from '../effects.ts';
import { idempotent, once, sdk } from '../evidence.ts';
import { channelId, cursor, timestamp, userId } from '../ids.ts';
import { reading, withCursor, writing } from '../method-execution.ts';
import { ask, undetermined } from '../read-back.ts';
import { COLLECTION, channel, person } from '../resources.ts';

const flag = z.boolean().nullish();
const output = z.object({
  id: z.string(),
  name: z.string().nullish(),
  is_archived: flag,
  is_private: flag,
  /** Another company is in it. */
  is_ext_shared: flag,
});

const onChannel = {
  resourceTypes: ['Slack::Channel'],
  resources: (input: { readonly channel: string }) => [channel(input.channel)] as const,
} as const;

const get = readOperation({
  ...onChannel,
  name: 'slack.channel.get',
  description: 'Reads about one channel: whether it is private, archived, or shared with another company.',
  input: z.strictObject({ channel: channelId }),
  output,
  execute: reading({ method: 'conversations.info', result: (body) => body['channel'] }),
  evidence: [sdk('conversations.info: channel')],
});

const list = readOperation({
  name: 'slack.channel.list',
  description: 'Lists one page of channels.',
  input: z.strictObject({ limit: z.int().min(1).max(1_000).default(200), cursor: cursor.optional() }),
  output: z.object({ channels: z.array(output), cursor: z.string().optional() }),
  resourceTypes: ['Slack::Channel'],
  resources: () => [channel(COLLECTION)],
  touched: ({ channels }) => channels.map(({ id }) => channel(id)),
  execute: reading({ method: 'conversations.list', result: (body) => withCursor(body['channels'], body, 'channels') }),
  evidence: [sdk('conversations.list: limit, cursor')],
});

const message = z.object({
  ts: z.string(),
  user: z.string().nullish(),
  text: z.string().nullish(),
  thread_ts: z.string().nullish(),
});

const history = readOperation({
  ...onChannel,
  name: 'slack.channel.history',
  description: 'Reads one page of what was said in a channel, the newest first. Anybody in it may have written that.',
  input: z.strictObject({
    channel: channelId,
    limit: z.int().min(1).max(1_000).default(100),
    cursor: cursor.optional(),
    oldest: timestamp.optional(),
  }),
  output: z.object({ messages: z.array(message), cursor: z.string().optional() }),
  labels: () => ['untrusted', 'pii'],
  provenance: { returns: { fields: { 'messages[*].text': 'others' } } },
  execute: reading({
    method: 'conversations.history',
    result: (body) => withCursor(body['messages'], body, 'messages'),
  }),
  evidence: [sdk('conversations.history: channel, limit, cursor, oldest')],
});

const create = writeOperation({
  name: 'slack.channel.create',
  description: 'Makes a channel with nobody in it but the app.',
  input: z.strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,79}$/, 'lower-case letters, digits, _ and -'),
    is_private: z.boolean().default(false),
  }),
  output,
  resourceTypes: ['Slack::Channel'],
  resources: () => [channel(COLLECTION)],
  touched: ({ id }) => [channel(id)],
  effect: () => change('create', { reversible: 'operation' }),
  effectKinds: ['create'],
  repeat: once('conversations.create: a name that is taken is refused with name_taken; it'),
  execute: writing({ method: 'conversations.create', result: (body) => body['channel'] }),
  probe: async (input, context) => {
    const answer = await ask('conversations.list', { limit: 1_000, types: 'public_channel,private_channel' }, context);
    const found = answer.ok ? z.object({ channels: z.array(output) }).safeParse(answer.reply.body) : undefined;
    if (found?.success !== true) return undetermined(answer);
    const own = found.data.channels.find(({ name }) => name === input.name);
    if (own !== undefined) return { status: 'applied', result: own };
    return found.data.channels.length < 1_000 ? { status: 'not-applied' } : undetermined(answer);
  },
  // Archived is as near to gone as it gets; the name stays taken.
  undo: (_, result) => {
    const made = output.safeParse(result);
    return made.success ? { operation: 'slack.channel.archive', input: { channel: made.data.id } } : undefined;
  },
  evidence: [sdk('conversations.create: name, is_private')],
});

/** Closing a channel and opening it again. */
function archiving(
  verb: 'archive' | 'unarchive',
): WriteOperation<z.ZodObject<{ channel: z.ZodString }, z.core.$strict>> {
  const opposite = verb === 'archive' ? 'unarchive' : 'archive';
  return writeOperation({
    ...onChannel,
    name: `slack.channel.${verb}`,
    description:
      verb === 'archive'
        ? 'Closes a channel: nobody can say anything in it, and who leaves cannot come back.'
        : 'Opens a closed channel again, for those who were in it.',
    input: z.strictObject({ channel: channelId }),
    output: z.object({}),
    provenance: { arguments: { channel: 'target' } },
    effect: () => change(verb === 'archive' ? 'isolate' : 'update', { reversible: 'operation' }),
    effectKinds: [verb === 'archive' ? 'isolate' : 'update'],
    repeat: idempotent(`conversations.${verb}`, 'done already, it answers that it was'),
    execute: writing({ method: `conversations.${verb}` }, true),
    probe: async (input, context) => {
      const answer = await ask('conversations.info', { channel: input.channel }, context);
      const found = answer.ok ? z.object({ channel: output }).safeParse(answer.reply.body) : undefined;
      if (found?.success !== true) return undetermined(answer);
      const isArchived = found.data.channel.is_archived === true;
      return isArchived === (verb === 'archive') ? { status: 'applied', result: {} } : { status: 'not-applied' };
    },
    undo: (input) => ({ operation: `slack.channel.${opposite}`, input: { channel: input.channel } }),
    evidence: [sdk(`conversations.${verb}: channel`)],
  });
}

type Members = { readonly channel: string; readonly users?: readonly string[]; readonly user?: string };

const withPeople = {
  resourceTypes: ['Slack::Channel', 'Slack::User'],
  resources: ({ channel: at, users = [], user }: Members) =>
    [channel(at), ...[...users, ...(user === undefined ? [] : [user])].map(person)] as const,
} as const;

/** Who is in it, as far as one page of a thousand shows. */
async function membersOf(at: string, context: Parameters<typeof ask>[2]) {
  const answer = await ask('conversations.members', { channel: at, limit: 1_000 }, context);
  const found = answer.ok ? z.object({ members: z.array(z.string()) }).safeParse(answer.reply.body) : undefined;
  return { answer, members: found?.success === true ? new Set(found.data.members) : undefined };
}

const invite = writeOperation({
  ...withPeople,
  name: 'slack.channel.invite',
  description: 'Brings people into a channel: they see all that was ever said in it.',
  input: z.strictObject({ channel: channelId, users: z.array(userId).min(1).max(100) }),
  output: z.object({}),
  provenance: { arguments: { channel: 'target', users: 'destination' } },
  effect: ({ users }) =>
    change('privilege', {
      external: true,
      privileged: true,
      count: users.length,
      reversible: users.length === 1 ? 'operation' : 'no',
    }),
  effectKinds: ['privilege'],
  repeat: idempotent('conversations.invite', 'who is in it already is answered with already_in_channel'),
  execute: writing(
    { method: 'conversations.invite', fields: ({ channel: at, users }) => ({ channel: at, users: users.join(',') }) },
    true,
  ),
  probe: async (input, context) => {
    const { answer, members } = await membersOf(input.channel, context);
    if (members === undefined) return undetermined(answer);
    if (input.users.every((each) => members.has(each))) return { status: 'applied', result: {} };
    if (input.users.some((each) => members.has(each)) || members.size >= 1_000) return undetermined(answer);
    return { status: 'not-applied' };
  },
  undo: ({ channel: at, users: [only, ...others] }) =>
    only === undefined || others.length > 0
      ? undefined
      : { operation: 'slack.channel.kick', input: { channel: at, user: only } },
  evidence: [sdk('conversations.invite: channel, users')],
});

const kick = writeOperation({
  ...withPeople,
  name: 'slack.channel.kick',
  description: 'Takes somebody out of a channel.',
  input: z.strictObject({ channel: channelId, user: userId }),
  output: z.object({}),
  provenance: { arguments: { channel: 'target', user: 'target' } },
  effect: () => change('privilege', { privileged: true, reversible: 'operation' }),
  effectKinds: ['privilege'],
  repeat: idempotent('conversations.kick', 'who is not in it is answered with not_in_channel'),
  execute: writing({ method: 'conversations.kick' }, true),
  probe: async (input, context) => {
    const { answer, members } = await membersOf(input.channel, context);
    if (members === undefined) return undetermined(answer);
    if (members.has(input.user)) return { status: 'not-applied' };
    return members.size < 1_000 ? { status: 'applied', result: {} } : undetermined(answer);
  },
  undo: ({ channel: at, user }) => ({ operation: 'slack.channel.invite', input: { channel: at, users: [user] } }),
  evidence: [sdk('conversations.kick: channel, user')],
});

const remove = writeOperation({
  ...onChannel,
  name: 'slack.channel.delete',
  description: 'Deletes a channel with all that was ever said in it.',
  input: z.strictObject({ channel: channelId }),
  output: z.object({}),
  provenance: { arguments: { channel: 'target' } },
  effect: () => change('delete', { privileged: true }),
  effectKinds: ['delete'],
  repeat: once('admin.conversations.delete'),
  execute: writing({ method: 'admin.conversations.delete', fields: (input) => ({ channel_id: input.channel }) }),
  probe: async (input, context) => {
    const answer = await ask('conversations.info', { channel: input.channel }, context);
    if (answer.ok) return { status: 'not-applied' };
    const isGone = isJsonObject(answer.reply?.body) && answer.reply.body['error'] === 'channel_not_found';
    // The same is said of a channel that the token may not see.
    return isGone ? { status: 'undetermined', detail: 'It is gone, or hidden.' } : undetermined(answer);
  },
  undo: { none: 'Nothing of it is kept.' },
  evidence: [sdk('admin.conversations.delete: channel_id')],
});

export const channelOperations = [
  get,
  list,
  history,
  create,
  archiving('archive'),
  archiving('unarchive'),
  invite,
  kick,
  remove,
] as const;
