import type { ConformanceFixtures, ConformanceSample } from '../../src/connector/conformance/fixtures.ts';
import { ALL_WATCHED } from './effects.ts';
import { SEED } from './simulator/tenant.ts';

const rule = { name: 'Page', triggerSource: 'ISSUES', triggerType: ['CREATED'], actionId: SEED.action };
const document = `mutation Both($id: ID!) {
  hidden: updateIssue(input: { id: $id, patch: { status: "REJECTED" } }) { issue { id } }
  createIssueNote(input: { issueId: $id, text: "Not ours." }) { issueNote { id } }
}`;

const samples: readonly ConformanceSample[] = [
  { operation: 'wiz.issue.list', input: {}, effects: [] },
  {
    operation: 'wiz.issue.update',
    input: { id: SEED.issue, patch: { status: 'IN_PROGRESS' } },
    effects: ['issue.update'],
    effect: { kind: 'update', reversible: 'operation', privileged: false },
  },
  {
    operation: 'wiz.issue.update',
    input: { id: SEED.issue, patch: { status: 'REJECTED' } },
    effects: ['issue.update'],
    effect: { kind: 'isolate', reversible: 'operation', privileged: true },
    when: 'closed',
  },
  {
    operation: 'wiz.issue.add-note',
    input: { issueId: SEED.issue, text: 'Looked at.' },
    effects: ['issue.add-note'],
    effect: { kind: 'create', reversible: 'operation' },
  },
  {
    operation: 'wiz.issue.delete-note',
    input: { id: SEED.note },
    effects: ['issue.delete-note'],
    effect: { kind: 'delete' },
  },
  { operation: 'wiz.resource.list', input: {}, effects: [] },
  {
    operation: 'wiz.connector.delete',
    input: { id: SEED.connector },
    effects: ['connector.delete'],
    effect: { kind: 'delete', privileged: true, count: ALL_WATCHED },
  },
  {
    operation: 'wiz.service-account.create',
    input: { name: 'ci', scopes: ['read:issues'] },
    effects: ['service-account.create'],
    effect: { kind: 'privilege', privileged: true, reversible: 'operation' },
  },
  {
    operation: 'wiz.service-account.delete',
    input: { id: SEED.account },
    effects: ['service-account.delete'],
    effect: { kind: 'privilege', reversible: 'no' },
  },
  {
    operation: 'wiz.project.create',
    input: { name: 'Billing' },
    effects: ['project.create'],
    effect: { kind: 'create' },
  },
  {
    operation: 'wiz.automation-rule.create',
    input: rule,
    effects: ['automation-rule.create'],
    effect: { kind: 'execute', external: true, count: ALL_WATCHED },
  },
  {
    operation: 'wiz.automation-rule.delete',
    input: { id: SEED.rule },
    effects: ['automation-rule.delete'],
    effect: { kind: 'delete', privileged: true },
  },
  {
    operation: 'wiz.control.set-enabled',
    input: { id: SEED.control, enabled: false },
    effects: ['control.set-enabled'],
    effect: { kind: 'privilege', privileged: true, count: ALL_WATCHED },
    when: 'off',
  },
  {
    operation: 'wiz.control.set-enabled',
    input: { id: SEED.disabled, enabled: true },
    effects: ['control.set-enabled'],
    effect: { kind: 'update', privileged: true },
    when: 'on',
  },
  {
    operation: 'wiz.saml.set-group-mapping',
    input: { samlIdpId: SEED.saml, mappings: [{ providerGroupId: 'everybody', role: SEED.role }] },
    effects: ['saml.set-group-mapping'],
    effect: { kind: 'privilege', count: ALL_WATCHED },
  },
  {
    operation: 'wiz.forensics.copy-to-external-account',
    input: { id: SEED.resource },
    effects: ['forensics.copy'],
    effect: { kind: 'communicate', external: true, privileged: true },
  },
  {
    operation: 'wiz.graphql.execute',
    input: { document, variables: { id: SEED.issue } },
    effects: ['issue.update', 'issue.add-note'],
    effect: { kind: 'isolate', privileged: true, count: 2 },
    when: 'as its parts',
  },
];

export default {
  samples,
  rateLimits: [
    { status: 429, headers: { 'retry-after': '12' }, dialect: 'retry-after', waitsMs: 12_000 },
    {
      status: 200,
      headers: {},
      body: { errors: [{ message: 'slow down', extensions: { code: 'RATE_LIMIT_EXCEEDED' } }], data: null },
      dialect: 'none',
      waitsMs: undefined,
    },
  ],
  paging: [{ operation: 'wiz.issue.list', input: { limit: 1 } }],
  state: { reads: [{ operation: 'wiz.issue.list', input: {} }], ignore: [] },
  facts: [
    { name: 'openCriticalIssues', subject: { type: 'Wiz::CloudResource', id: SEED.resource }, value: 0 },
    { name: 'openHighIssues', subject: { type: 'Wiz::CloudResource', id: SEED.resource }, value: 2 },
    { name: 'openHighIssues', subject: { type: 'Wiz::CloudResource', id: 'vm-other-1' }, value: 0 },
    { name: 'openHighIssues', subject: { type: 'Wiz::CloudResource', id: '*' }, value: undefined },
  ],
  judgedBy: { '*': 'none' },
} satisfies ConformanceFixtures;
