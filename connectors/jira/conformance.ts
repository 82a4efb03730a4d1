import type { ConformanceFixtures, ConformanceSample } from '../../src/connector/conformance/fixtures.ts';
import { SEED } from './simulator/seed.ts';

const issue = { issue: SEED.issue };
const project = { project: SEED.project };
const member = { group_id: SEED.admins, account_id: SEED.grace };
const scheme = { scheme: SEED.scheme };

const samples: readonly ConformanceSample[] = [
  { operation: 'jira.issue.get', input: issue, effects: [] },
  { operation: 'jira.issue.search', input: { ...project, text: 'a "cent" \\' }, effects: [] },
  {
    operation: 'jira.issue.create',
    input: { ...project, type: 'Bug', summary: 'Broken', description: 'It is.\nVery.\n\nTruly.', labels: ['money'] },
    effects: ['issue.create'],
    effect: { kind: 'communicate', external: true },
  },
  {
    operation: 'jira.issue.update',
    input: { ...issue, summary: 'Rounding of cents' },
    effects: ['issue.update'],
    effect: { kind: 'communicate', external: true, reversible: 'no' },
  },
  {
    operation: 'jira.issue.update',
    input: { ...issue, summary: 'Rounding of cents', labels: [], notify: false },
    effects: ['issue.update'],
    effect: { kind: 'update', external: false, reversible: 'operation' },
    when: 'without mails',
  },
  {
    operation: 'jira.issue.update',
    input: { ...issue, description: 'Two cents.', notify: false },
    effects: ['issue.update'],
    effect: { kind: 'update', reversible: 'no' },
    when: 'description',
  },
  {
    operation: 'jira.issue.delete',
    input: issue,
    effects: ['issue.delete'],
    effect: { kind: 'delete', reversible: 'no', count: 1 },
  },
  {
    operation: 'jira.issue.delete',
    input: { ...issue, delete_subtasks: true },
    effects: ['issue.delete'],
    effect: { kind: 'delete', reversible: 'no', count: 1_000_000 },
    when: 'subtasks',
  },
  {
    operation: 'jira.issue.assign',
    input: { ...issue, assignee: SEED.grace },
    effects: ['issue.assign'],
    effect: { kind: 'update', reversible: 'operation' },
  },
  {
    operation: 'jira.issue.transition',
    input: { ...issue, transition: '31', to: 'Done' },
    effects: ['issue.transition'],
    effect: { kind: 'execute', privileged: true, external: true },
  },
  {
    operation: 'jira.issue.comment',
    input: { ...issue, body: 'Fixed.', role: 'Developers' },
    effects: ['issue.comment'],
    effect: { kind: 'communicate', external: true },
  },
  {
    operation: 'jira.issue.notify',
    input: { ...issue, subject: 'Look', text: 'Please.', to: [SEED.ada] },
    effects: ['issue.notify'],
    effect: { kind: 'communicate', external: true, count: 1 },
  },
  {
    operation: 'jira.issue.link',
    input: { type: 'Blocks', inward: SEED.issue, outward: SEED.other },
    effects: ['issue.link'],
    effect: { kind: 'update' },
  },
  {
    operation: 'jira.issue.archive',
    input: { issues: [SEED.issue] },
    effects: ['issue.archive'],
    effect: { kind: 'isolate', reversible: 'operation', count: 1 },
  },
  {
    operation: 'jira.issue.unarchive',
    input: { issues: [SEED.archived] },
    effects: ['issue.unarchive'],
    effect: { kind: 'update', reversible: 'operation', count: 1 },
  },
  {
    operation: 'jira.issue.bulk-delete',
    input: { issues: [SEED.issue, SEED.other] },
    effects: ['issue.delete', 'issue.delete'],
    effect: { kind: 'delete', reversible: 'no', count: 2 },
  },
  { operation: 'jira.project.get', input: project, effects: [] },
  {
    operation: 'jira.project.delete',
    input: project,
    effects: ['project.delete'],
    effect: { kind: 'delete', reversible: 'window', privileged: true, count: 1_000_000 },
  },
  {
    operation: 'jira.project.delete',
    input: { ...project, enable_undo: false },
    effects: ['project.delete'],
    effect: { kind: 'delete', reversible: 'no', privileged: true },
    when: 'for good',
  },
  {
    operation: 'jira.project.archive',
    input: project,
    effects: ['project.archive'],
    effect: { kind: 'isolate', reversible: 'operation', privileged: true },
  },
  {
    operation: 'jira.project.restore',
    input: { project: 'OLD' },
    effects: ['project.restore'],
    effect: { kind: 'update', privileged: true },
  },
  { operation: 'jira.user.list-groups', input: { account_id: SEED.ada }, effects: [] },
  {
    operation: 'jira.group.add-member',
    input: member,
    effects: ['group.add-member'],
    effect: { kind: 'privilege', privileged: true, reversible: 'operation' },
  },
  {
    operation: 'jira.group.remove-member',
    input: { group_id: SEED.group, account_id: SEED.ada },
    effects: ['group.remove-member'],
    effect: { kind: 'privilege', reversible: 'operation' },
  },
  {
    operation: 'jira.user.delete',
    input: { account_id: SEED.grace },
    effects: ['user.delete'],
    effect: { kind: 'delete', privileged: true, reversible: 'no' },
  },
  {
    operation: 'jira.permission.grant',
    input: { ...scheme, permission: 'BROWSE_PROJECTS', holder: { type: 'anyone' } },
    effects: ['permission.grant'],
    effect: { kind: 'privilege', external: true, reversible: 'operation' },
    when: 'anyone',
  },
  {
    operation: 'jira.permission.grant',
    input: { ...scheme, permission: 'ADMINISTER_PROJECTS', holder: { type: 'group', value: SEED.group } },
    effects: ['permission.grant'],
    effect: { kind: 'privilege', external: false },
  },
  {
    operation: 'jira.permission.revoke',
    input: { ...scheme, id: SEED.grant },
    effects: ['permission.revoke'],
    effect: { kind: 'privilege', reversible: 'operation' },
  },
];

export default {
  samples,
  rateLimits: [
    {
      status: 429,
      headers: { 'retry-after': '12' },
      body: { errorMessages: ['Rate limit exceeded.'] },
      dialect: 'retry-after',
      waitsMs: 12_000,
    },
    { status: 429, headers: {}, dialect: 'none', waitsMs: undefined },
  ],
  paging: [{ operation: 'jira.issue.search', input: { ...project, limit: 1 } }],
  state: {
    reads: [
      { operation: 'jira.issue.get', input: issue },
      { operation: 'jira.issue.search', input: project },
      { operation: 'jira.project.get', input: project },
      { operation: 'jira.user.list-groups', input: { account_id: SEED.ada } },
      { operation: 'jira.user.list-groups', input: { account_id: SEED.grace } },
    ],
    ignore: [],
  },
  facts: [
    { name: 'issueOwner', subject: { type: 'Jira::Issue', id: SEED.issue }, value: SEED.ada },
    { name: 'issueTags', subject: { type: 'Jira::Issue', id: SEED.issue }, value: ['money'] },
    { name: 'issueSecurityLevel', subject: { type: 'Jira::Issue', id: SEED.other }, value: 'Finance only' },
    { name: 'issueSecurityLevel', subject: { type: 'Jira::Issue', id: SEED.issue }, value: undefined },
    { name: 'issueOwner', subject: { type: 'Jira::Issue', id: 'BILL-99' }, value: undefined },
  ],
  judgedBy: {
    '*': 'sdk',
    'jira.issue.archive': 'description',
    'jira.issue.unarchive': 'none',
    'jira.project.restore': 'none',
  },
} satisfies ConformanceFixtures;
