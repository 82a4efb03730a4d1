import type { SimulatorWorld } from '../../../src/connector/simulator/create-simulator.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import type { Workspace } from './seed.ts';

export interface MethodCall {
  readonly slack: Workspace;
  readonly world: SimulatorWorld;
  /** An argument; '' where it was not given. */
  arg(name: string): string;
}

/** What a method answers beside `ok: true`; a text is the error with which it answers `ok: false`. */
export type Method = (call: MethodCall) => JsonObject | string;

/** A page of a list, and the cursor of what follows. */
export function pageOf(items: readonly JsonObject[], as: string, { arg }: MethodCall): JsonObject {
  const from = Number(Buffer.from(arg('cursor'), 'base64').toString() || 0);
  const size = Number(arg('limit') || 100);
  const next = from + size < items.length ? Buffer.from(String(from + size)).toString('base64') : '';
  return { [as]: [...items.slice(from, from + size)], response_metadata: { next_cursor: next } };
}

export const channelMethods: Readonly<Record<string, Method>> = {
  'conversations.info': ({ slack, arg }) => {
    const found = slack.channels.get(arg('channel'));
    return found === undefined ? 'channel_not_found' : { channel: found.about };
  },
  'conversations.list': (call) =>
    pageOf(
      [...call.slack.channels.values()].map(({ about }) => about),
      'channels',
      call,
    ),
  'conversations.members': ({ slack, arg }) => {
    const found = slack.channels.get(arg('channel'));
    return found === undefined ? 'channel_not_found' : { members: [...found.members] };
  },
  'conversations.history': (call) => {
    const found = call.slack.channels.get(call.arg('channel'));
    if (found === undefined) return 'channel_not_found';
    const latest = call.arg('latest');
    const newestFirst = found.messages.filter(({ ts }) => latest === '' || String(ts) <= latest).toReversed();
    return pageOf(newestFirst, 'messages', call);
  },
  'conversations.create': ({ slack, world, arg }) => {
    const name = arg('name');
    if ([...slack.channels.values()].some(({ about }) => about['name'] === name)) return 'name_taken';
    const id = `C${world.id().slice(0, 9).toUpperCase()}`;
    const about = { id, name, is_archived: false, is_private: arg('is_private') === 'true', is_ext_shared: false };
    slack.channels.set(id, { about, members: new Set(), messages: [] });
    world.audit('channel.create', name);
    return { channel: about };
  },
  'conversations.archive': archiving(true),
  'conversations.unarchive': archiving(false),
  'conversations.invite': ({ slack, world, arg }) => {
    const found = slack.channels.get(arg('channel'));
    if (found === undefined) return 'channel_not_found';
    const missing = arg('users')
      .split(',')
      .filter((user) => !found.members.has(user));
    if (missing.length === 0) return 'already_in_channel';
    for (const user of missing) found.members.add(user);
    world.audit('channel.invite', arg('users'));
    return { channel: found.about };
  },
  'conversations.kick': ({ slack, world, arg }) => {
    const found = slack.channels.get(arg('channel'));
    if (found === undefined) return 'channel_not_found';
    if (!found.members.delete(arg('user'))) return 'not_in_channel';
    world.audit('channel.kick', arg('user'));
    return {};
  },
  'admin.conversations.delete': ({ slack, world, arg }) => {
    if (!slack.channels.delete(arg('channel_id'))) return 'channel_not_found';
    world.audit('channel.delete', arg('channel_id'));
    return {};
  },
  'chat.postMessage': ({ slack, world, arg }) => {
    const found = slack.channels.get(arg('channel'));
    if (found === undefined) return 'channel_not_found';
    if (found.about['is_archived'] === true) return 'is_archived';
    slack.said += 1;
    const ts = `${Math.floor(world.clock.now() / 1_000)}.${String(slack.said).padStart(6, '0')}`;
    const metadata = arg('metadata');
    found.messages.push({ ts, text: arg('text'), ...(metadata === '' ? {} : { metadata: JSON.parse(metadata) }) });
    world.audit('message.post', arg('channel'));
    return { channel: arg('channel'), ts };
  },
  'chat.update': ({ slack, world, arg }) => {
    const messages = slack.channels.get(arg('channel'))?.messages ?? [];
    const at = messages.findIndex(({ ts }) => ts === arg('ts'));
    const before = messages[at];
    if (before === undefined) return 'message_not_found';
    if (before['text'] !== arg('text')) world.audit('message.update', arg('ts'));
    messages[at] = { ...before, text: arg('text') };
    return { channel: arg('channel'), ts: arg('ts') };
  },
  'chat.delete': ({ slack, world, arg }) => {
    const messages = slack.channels.get(arg('channel'))?.messages ?? [];
    const at = messages.findIndex(({ ts }) => ts === arg('ts'));
    if (at === -1) return 'message_not_found';
    messages.splice(at, 1);
    world.audit('message.delete', arg('ts'));
    return {};
  },
};

function archiving(wanted: boolean): Method {
  return ({ slack, world, arg }) => {
    const found = slack.channels.get(arg('channel'));
    if (found === undefined) return 'channel_not_found';
    if (found.about['is_archived'] === wanted) return wanted ? 'already_archived' : 'not_archived';
    found.about = { ...found.about, is_archived: wanted };
    world.audit(wanted ? 'channel.archive' : 'channel.unarchive', arg('channel'));
    return {};
  };
}
