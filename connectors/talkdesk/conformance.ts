import type { ConformanceFixtures, ConformanceSample } from '../../src/connector/conformance/fixtures.ts';
import { EVERYBODY_LISTED } from './effects.ts';
import { SEED } from './simulator/simulate-talkdesk.ts';

const status = { userId: SEED.agent, current_status: 'available', new_status: 'lunch' };
const newUser = { userName: 'mary@example.com', givenName: 'Mary', familyName: 'Jackson' };

const samples: readonly ConformanceSample[] = [
  { operation: 'talkdesk.contact.get', input: { contactId: SEED.contact }, effects: [] },
  {
    operation: 'talkdesk.call.request-callback',
    input: { talkdesk_phone_number: SEED.line, contact_phone_number: SEED.customer },
    effects: ['call.request-callback'],
    effect: { kind: 'communicate', external: true, reversible: 'no' },
  },
  { operation: 'talkdesk.campaign.get', input: { campaignId: SEED.campaign }, effects: [] },
  {
    operation: 'talkdesk.campaign.create',
    input: { name: 'Renewals', record_list_ids: [SEED.list], caller_ids: [SEED.line] },
    effects: ['campaign.create'],
    effect: { kind: 'create', privileged: true },
  },
  {
    operation: 'talkdesk.campaign.set-status',
    input: { campaignId: SEED.paused, status: 'running' },
    effects: ['campaign.set-status'],
    effect: { kind: 'communicate', external: true, count: EVERYBODY_LISTED, reversible: 'no' },
    when: 'running',
  },
  {
    operation: 'talkdesk.campaign.set-status',
    input: { campaignId: SEED.campaign, status: 'paused' },
    effects: ['campaign.set-status'],
    effect: { kind: 'isolate', reversible: 'operation' },
    when: 'paused',
  },
  {
    operation: 'talkdesk.record-list.add-record',
    input: { recordListId: SEED.list, phone_number: SEED.customer },
    effects: ['record-list.add-record'],
    effect: { kind: 'communicate', external: true },
  },
  { operation: 'talkdesk.user.find', input: { email: 'grace@example.com' }, effects: [] },
  { operation: 'talkdesk.user.get-status', input: { user_ids: [SEED.agent] }, effects: [] },
  { operation: 'talkdesk.user.list-statuses', input: {}, effects: [] },
  {
    operation: 'talkdesk.user.set-status',
    input: status,
    effects: ['user.set-status'],
    effect: { kind: 'update', reversible: 'operation' },
  },
  {
    operation: 'talkdesk.user.create',
    input: newUser,
    effects: ['user.create'],
    effect: { kind: 'privilege', privileged: true },
    bypass: { undo: 'The vendor documents no deletion: its undo shuts the new user out, who stays.' },
  },
  {
    operation: 'talkdesk.user.set-active',
    input: { userId: SEED.agent, active: false },
    effects: ['user.set-active'],
    effect: { kind: 'isolate', reversible: 'operation' },
    when: 'shut out',
  },
  {
    operation: 'talkdesk.user.set-active',
    input: { userId: SEED.agent, active: true },
    after: [{ operation: 'talkdesk.user.set-active', input: { userId: SEED.agent, active: false } }],
    effects: ['user.set-active'],
    effect: { kind: 'privilege', reversible: 'operation' },
    when: 'let in',
  },
  {
    operation: 'talkdesk.agent.create-many',
    input: { agents: [{ email: 'mary@example.com', full_name: 'Mary Jackson', role_name: 'Administrator' }] },
    effects: ['agent.create-many'],
    effect: { kind: 'privilege', privileged: true, count: 1 },
  },
];

export default {
  samples,
  rateLimits: [
    {
      status: 429,
      headers: { 'retry-after': '4' },
      body: { code: 'TOO_MANY' },
      dialect: 'retry-after',
      waitsMs: 4_000,
    },
    { status: 429, headers: {}, body: { code: 'TOO_MANY' }, dialect: 'none', waitsMs: 1_000 },
  ],
  state: {
    reads: [
      { operation: 'talkdesk.campaign.get', input: { campaignId: SEED.campaign } },
      { operation: 'talkdesk.user.get-status', input: { user_ids: [SEED.agent] } },
      { operation: 'talkdesk.user.find', input: { email: 'grace@example.com' } },
    ],
    ignore: [],
  },
  facts: [
    { name: 'campaignStatus', subject: { type: 'Talkdesk::Campaign', id: SEED.campaign }, value: 'running' },
    { name: 'campaignStatus', subject: { type: 'Talkdesk::Campaign', id: 'campaign-none' }, value: undefined },
  ],
  judgedBy: {
    '*': 'description',
    'talkdesk.campaign.get': 'none',
    'talkdesk.campaign.create': 'none',
    'talkdesk.campaign.set-status': 'none',
    'talkdesk.record-list.add-record': 'none',
    'talkdesk.user.set-active': 'none',
  },
} satisfies ConformanceFixtures;
