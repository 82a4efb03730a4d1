import fixtures from '../../connectors/slack/conformance.ts';
import slack from '../../connectors/slack/index.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { judgeConnector, loadSdk, type Pair } from './judge-connector.ts';

interface WebClient {
  apiCall(method: string, fields: JsonObject): Promise<unknown>;
}

const { WebClient, LogLevel } = loadSdk('@slack/web-api') as {
  WebClient: new (token: string, options: unknown) => WebClient;
  LogLevel: Readonly<Record<string, string>>;
};

/** Which typed method of the SDK does the same; its arguments are ours, but for those that are renamed. */
const METHODS: Readonly<Record<string, readonly [method: string, renamed?: Readonly<Record<string, string>>]>> = {
  'slack.message.post': ['chat.postMessage'],
  'slack.message.update': ['chat.update'],
  'slack.message.delete': ['chat.delete'],
  'slack.channel.get': ['conversations.info'],
  'slack.channel.list': ['conversations.list'],
  'slack.channel.history': ['conversations.history'],
  'slack.channel.create': ['conversations.create'],
  'slack.channel.archive': ['conversations.archive'],
  'slack.channel.unarchive': ['conversations.unarchive'],
  'slack.channel.invite': ['conversations.invite'],
  'slack.channel.kick': ['conversations.kick'],
  'slack.channel.delete': ['admin.conversations.delete', { channel: 'channel_id' }],
  'slack.user.get': ['users.info'],
  'slack.user.list': ['users.list'],
  'slack.user.remove': ['admin.users.remove'],
  'slack.user.set-admin': ['admin.users.setAdmin'],
  'slack.user.set-owner': ['admin.users.setOwner'],
  'slack.user.reset-sessions': ['admin.users.session.reset'],
  'slack.usergroup.list-members': ['usergroups.users.list'],
  'slack.usergroup.set-members': ['usergroups.users.update'],
  'slack.file.delete': ['files.delete'],
};

const OUR_DEFAULTS = 'We say outright what the default is, or a smaller page.';
const DIFFERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'slack.message.post': { 'body.metadata': 'We add the mark by which a read-back finds the message.' },
  'slack.channel.list': { 'body: ': OUR_DEFAULTS },
  'slack.channel.history': { 'body.limit': OUR_DEFAULTS },
  'slack.channel.create': { 'body.is_private': OUR_DEFAULTS },
  'slack.user.list': { 'body: ': OUR_DEFAULTS },
};

const pairs = fixtures.samples.map(({ operation, input }): Pair<WebClient> => {
  const [method, renamed = {}] = METHODS[operation] ?? ['none'];
  const fields = Object.entries(input as JsonObject).map(([name, value]) => [
    renamed[name] ?? name,
    Array.isArray(value) ? value.join(',') : value,
  ]);
  // The SDK's methods by their path, as `client.chat.postMessage`.
  const call = (client: WebClient) => {
    let found: unknown = client;
    for (const name of method.split('.')) found = (found as Record<string, unknown>)[name];
    return (found as (given: JsonObject) => Promise<unknown>)(Object.fromEntries(fields));
  };
  return {
    operation,
    input,
    call,
    replies: [{ body: { ok: true, messages: [], users: [] } }],
    ...(DIFFERS[operation] && { differs: DIFFERS[operation] }),
  };
});

judgeConnector<WebClient>({
  connector: slack,
  settings: (origin) => ({ origin, token: 'xoxb-secret' }),
  sdk: (origin) =>
    new WebClient('xoxb-secret', {
      slackApiUrl: `${origin}/api/`,
      retryConfig: { retries: 0 },
      logLevel: LogLevel['ERROR'],
    }),
  pairs,
});
