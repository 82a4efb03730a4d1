import {
  CONFORMANCE_NOW_MS,
  type ConformanceFixtures,
  type ConformanceSample,
} from '../../src/connector/conformance/fixtures.ts';
import { SEED } from './simulator/seed.ts';

const at = { owner: SEED.owner, repo: SEED.repo };
const issue = { ...at, issue_number: SEED.issue };
const onBranch = { ...at, branch: 'feature/rounding' };
const content = Buffer.from('New.\n').toString('base64');
const sealed = 'A'.repeat(64);
const protection = {
  required_status_checks: null,
  enforce_admins: null,
  required_pull_request_reviews: { required_approving_review_count: 2 },
  restrictions: null,
};

const samples: readonly ConformanceSample[] = [
  { operation: 'github.repository.get', input: at, effects: [] },
  {
    operation: 'github.repository.update',
    input: { ...at, description: 'All bills.' },
    effects: ['repository.update'],
    effect: { kind: 'update', reversible: 'operation', privileged: false },
  },
  {
    operation: 'github.repository.update',
    input: { ...at, visibility: 'public' },
    effects: ['repository.update'],
    effect: { kind: 'privilege', reversible: 'no', privileged: true },
    when: 'public',
  },
  {
    operation: 'github.repository.update',
    input: { ...at, visibility: 'internal' },
    effects: ['repository.update'],
    effect: { kind: 'privilege', reversible: 'operation' },
    when: 'other visibility',
  },
  {
    operation: 'github.repository.update',
    input: { ...at, archived: true },
    effects: ['repository.update'],
    effect: { kind: 'isolate', reversible: 'operation', privileged: true },
    when: 'archived',
  },
  {
    operation: 'github.repository.delete',
    input: at,
    effects: ['repository.delete'],
    effect: { kind: 'delete', reversible: 'no', privileged: true },
  },
  {
    operation: 'github.repository.transfer',
    input: { ...at, new_owner: SEED.outsider },
    effects: ['repository.transfer'],
    effect: { kind: 'privilege', reversible: 'no', external: true },
  },
  {
    operation: 'github.repository.dispatch',
    input: { ...at, event_type: 'deploy' },
    effects: ['repository.dispatch'],
    effect: { kind: 'execute', privileged: true },
  },
  {
    operation: 'github.workflow.run',
    input: { ...at, workflow: 'deploy.yml', ref: 'main' },
    effects: ['workflow.run'],
    effect: { kind: 'execute', privileged: true },
  },
  { operation: 'github.branch-protection.get', input: { ...at, branch: 'main' }, effects: [] },
  {
    operation: 'github.branch-protection.set',
    input: { ...at, branch: 'main', ...protection },
    effects: ['branch-protection.set'],
    effect: { kind: 'privilege' },
  },
  {
    operation: 'github.branch-protection.remove',
    input: { ...at, branch: 'main' },
    effects: ['branch-protection.remove'],
    effect: { kind: 'privilege' },
  },
  { operation: 'github.collaborator.list', input: at, effects: [] },
  {
    operation: 'github.collaborator.add',
    input: { ...at, username: SEED.outsider, permission: 'admin' },
    effects: ['collaborator.add'],
    effect: { kind: 'privilege', external: true },
  },
  {
    operation: 'github.collaborator.remove',
    input: { ...at, username: SEED.member },
    effects: ['collaborator.remove'],
    effect: { kind: 'privilege' },
  },
  {
    operation: 'github.member.set',
    input: { org: SEED.owner, username: SEED.member, role: 'admin' },
    effects: ['member.set'],
    effect: { kind: 'privilege', privileged: true },
  },
  {
    operation: 'github.member.remove',
    input: { org: SEED.owner, username: SEED.member },
    effects: ['member.remove'],
    effect: { kind: 'privilege' },
  },
  {
    operation: 'github.deploy-key.create',
    input: { ...at, title: 'new', key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAInew', read_only: false },
    effects: ['deploy-key.create'],
    effect: { kind: 'privilege', reversible: 'operation' },
  },
  {
    operation: 'github.deploy-key.delete',
    input: { ...at, key_id: SEED.key },
    effects: ['deploy-key.delete'],
    effect: { kind: 'privilege', reversible: 'no' },
  },
  {
    operation: 'github.secret.set',
    input: { ...at, name: 'API_TOKEN', encrypted_value: sealed, key_id: '1' },
    effects: ['secret.set'],
    effect: { kind: 'privilege' },
  },
  {
    operation: 'github.secret.delete',
    input: { ...at, name: 'DEPLOY_TOKEN' },
    effects: ['secret.delete'],
    effect: { kind: 'privilege' },
  },
  { operation: 'github.file.get', input: { ...at, path: 'README.md' }, effects: [] },
  {
    operation: 'github.file.put',
    input: { ...at, path: 'docs/new.md', branch: 'main', message: 'Add', content },
    effects: ['file.put'],
    effect: { kind: 'create', reversible: 'operation' },
  },
  {
    operation: 'github.file.put',
    input: { ...at, path: 'README.md', branch: 'main', message: 'Change', content, sha: SEED.readme },
    effects: ['file.put'],
    effect: { kind: 'update', reversible: 'window' },
    when: 'over another',
  },
  {
    operation: 'github.file.delete',
    input: { ...at, path: 'README.md', branch: 'main', message: 'Remove', sha: SEED.readme },
    effects: ['file.delete'],
    effect: { kind: 'delete', reversible: 'window' },
  },
  {
    operation: 'github.branch.create',
    input: { ...at, branch: 'release/1', sha: SEED.main },
    effects: ['branch.create'],
    effect: { kind: 'create', reversible: 'operation' },
  },
  {
    operation: 'github.branch.delete',
    input: onBranch,
    effects: ['branch.delete'],
    effect: { kind: 'delete', reversible: 'operation' },
  },
  {
    operation: 'github.pull.merge',
    input: { ...at, pull_number: SEED.pull, sha: SEED.feature },
    effects: ['pull.merge'],
    effect: { kind: 'update', reversible: 'no', privileged: true },
  },
  { operation: 'github.issue.get', input: issue, effects: [] },
  { operation: 'github.issue.list', input: at, effects: [] },
  {
    operation: 'github.issue.create',
    input: { ...at, title: 'Broken', body: 'It is.' },
    effects: ['issue.create'],
    effect: { kind: 'communicate', external: true },
  },
  {
    operation: 'github.issue.update',
    input: { ...issue, state: 'closed', labels: ['bug'] },
    effects: ['issue.update'],
    effect: { kind: 'update', reversible: 'operation' },
  },
  {
    operation: 'github.issue.comment',
    input: { ...issue, body: 'Fixed.' },
    effects: ['issue.comment'],
    effect: { kind: 'communicate', external: true },
  },
];

const limit = { message: 'API rate limit exceeded' };

export default {
  samples,
  rateLimits: [
    { status: 429, headers: { 'retry-after': '30' }, body: limit, dialect: 'retry-after', waitsMs: 30_000 },
    { status: 403, headers: { 'retry-after': '9' }, body: limit, dialect: 'retry-after', waitsMs: 9_000 },
    {
      status: 403,
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(CONFORMANCE_NOW_MS / 1_000 + 20) },
      body: limit,
      dialect: 'epoch',
      waitsMs: 20_000,
    },
    {
      status: 403,
      headers: {},
      body: { message: 'You have exceeded a secondary rate limit.' },
      dialect: 'none',
      waitsMs: 60_000,
    },
  ],
  effectCases: [
    {
      operation: 'github.repository.update',
      input: { ...at, visibility: 'private', archived: false },
      effect: { kind: 'privilege' },
    },
  ],
  state: {
    reads: [
      { operation: 'github.repository.get', input: at },
      { operation: 'github.collaborator.list', input: at },
      { operation: 'github.issue.get', input: issue },
      { operation: 'github.file.get', input: { ...at, path: 'README.md' } },
    ],
    ignore: [],
  },
  facts: [
    { name: 'repositoryVisibility', subject: { type: 'GitHub::Repository', id: 'acme/billing' }, value: 'private' },
    { name: 'repositoryVisibility', subject: { type: 'GitHub::Repository', id: 'acme/nothing' }, value: undefined },
  ],
  judgedBy: { '*': 'sdk' },
} satisfies ConformanceFixtures;
