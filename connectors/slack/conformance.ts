import type { ConformanceFixtures, ConformanceSample } from '../../src/connector/conformance/fixtures.ts';
import { EVERYBODY } from './effects.ts';
import { SEED } from './simulator/seed.ts';

const channel = SEED.general;
const member = { team_id: SEED.team, user_id: SEED.grace };
const everybody = { kind: 'communicate', external: true, count: EVERYBODY } as const;

const samples: readonly ConformanceSample[] = [
  {
    operation: 'slack.message.post',
    input: { channel, text: 'The invoice is out.' },
    effects: ['message.post'],
    effect: { kind: 'communicate', external: true, count: 1, reversible: 'no' },
  },
  {
    operation: 'slack.message.post',
    input: { channel, text: 'Read this, @channel!' },
    effects: ['message.post'],
    effect: everybody,
    when: 'calls everybody',
  },
  {
    operation: 'slack.message.update',
    input: { channel, ts: SEED.said, text: 'Hello again.' },
    effects: ['message.update'],
    effect: { kind: 'update', external: true, reversible: 'operation', count: 1 },
  },
  {
    operation: 'slack.message.delete',
    input: { channel, ts: SEED.said },
    effects: ['message.delete'],
    effect: { kind: 'delete' },
  },
  { operation: 'slack.channel.get', input: { channel }, effects: [] },
  { operation: 'slack.channel.list', input: {}, effects: [] },
  { operation: 'slack.channel.history', input: { channel }, effects: [] },
  {
    operation: 'slack.channel.create',
    input: { name: 'incident-7' },
    effects: ['channel.create'],
    effect: { kind: 'create', reversible: 'operation' },
    bypass: { undo: 'Slack deletes no channel for a member: its undo closes it, and its name stays taken.' },
  },
  {
    operation: 'slack.channel.archive',
    input: { channel },
    effects: ['channel.archive'],
    effect: { kind: 'isolate', reversible: 'operation' },
  },
  {
    operation: 'slack.channel.unarchive',
    input: { channel: SEED.closed },
    effects: ['channel.unarchive'],
    effect: { kind: 'update', reversible: 'operation' },
  },
  {
    operation: 'slack.channel.invite',
    input: { channel, users: [SEED.mallory] },
    effects: ['channel.invite'],
    effect: { kind: 'privilege', external: true, privileged: true, count: 1, reversible: 'operation' },
  },
  {
    operation: 'slack.channel.invite',
    input: { channel, users: [SEED.mallory, SEED.grace] },
    effects: ['channel.invite'],
    effect: { kind: 'privilege', count: 2, reversible: 'no' },
    when: 'several',
  },
  {
    operation: 'slack.channel.kick',
    input: { channel, user: SEED.ada },
    effects: ['channel.kick'],
    effect: { kind: 'privilege', reversible: 'operation' },
  },
  {
    operation: 'slack.channel.delete',
    input: { channel },
    effects: ['channel.delete'],
    effect: { kind: 'delete', privileged: true },
  },
  { operation: 'slack.user.get', input: { user: SEED.ada }, effects: [] },
  { operation: 'slack.user.list', input: {}, effects: [] },
  {
    operation: 'slack.user.remove',
    input: member,
    effects: ['user.remove'],
    effect: { kind: 'privilege', privileged: true },
  },
  { operation: 'slack.user.set-admin', input: member, effects: ['user.set-admin'], effect: { kind: 'privilege' } },
  { operation: 'slack.user.set-owner', input: member, effects: ['user.set-owner'], effect: { kind: 'privilege' } },
  {
    operation: 'slack.user.reset-sessions',
    input: { user_id: SEED.grace },
    effects: ['user.reset-sessions'],
    effect: { kind: 'isolate' },
  },
  { operation: 'slack.usergroup.list-members', input: { usergroup: SEED.support }, effects: [] },
  {
    operation: 'slack.usergroup.set-members',
    input: { usergroup: SEED.support, users: [SEED.grace] },
    effects: ['usergroup.set-members'],
    effect: { kind: 'privilege', reversible: 'operation', count: 1 },
  },
  { operation: 'slack.file.delete', input: { file: SEED.file }, effects: ['file.delete'], effect: { kind: 'delete' } },
];

export default {
  samples,
  rateLimits: [
    {
      status: 429,
      headers: { 'retry-after': '30' },
      body: { ok: false, error: 'ratelimited' },
      dialect: 'retry-after',
      waitsMs: 30_000,
    },
    {
      status: 200,
      headers: { 'retry-after': '5' },
      body: { ok: false, error: 'ratelimited' },
      dialect: 'retry-after',
      waitsMs: 5_000,
    },
    { status: 429, headers: {}, dialect: 'none', waitsMs: undefined },
  ],
  effectCases: [
    { operation: 'slack.message.post', input: { channel, text: '<!here> now' }, effect: everybody },
    { operation: 'slack.message.post', input: { channel, text: 'ask <!subteam^S0SUPPORT1>' }, effect: everybody },
    { operation: 'slack.message.post', input: { channel, text: 'mail ada@channel.example' }, effect: { count: 1 } },
  ],
  paging: [{ operation: 'slack.channel.list', input: { limit: 1 } }],
  state: {
    reads: [
      { operation: 'slack.channel.list', input: {} },
      { operation: 'slack.channel.history', input: { channel } },
      { operation: 'slack.user.list', input: {} },
      { operation: 'slack.usergroup.list-members', input: { usergroup: SEED.support } },
    ],
    ignore: [],
  },
  facts: [
    { name: 'channelShared', subject: { type: 'Slack::Channel', id: SEED.general }, value: false },
    { name: 'channelShared', subject: { type: 'Slack::Channel', id: 'C0NOTHING1' }, value: undefined },
  ],
  judgedBy: { '*': 'sdk' },
} satisfies ConformanceFixtures;
