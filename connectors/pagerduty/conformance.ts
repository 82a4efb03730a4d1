import type { ConformanceFixtures } from '../../src/connector/index.ts';

const SHIFT = { scheduleId: 'PSCHED1', start: '2031-02-01T00:00:00Z', end: '2031-02-02T00:00:00Z' };
const WINDOW = { start: '2031-02-01T00:00:00Z', end: '2031-02-01T01:00:00Z', description: 'Upgrade' };

/** What the suite tries: one sample of each operation, and one for every kind of effect. */
export default {
  samples: [
    { operation: 'pagerduty.incident.list', input: { status: 'triggered' }, effects: [] },
    { operation: 'pagerduty.incident.get', input: { id: 'PINC1' }, effects: [] },
    {
      operation: 'pagerduty.incident.create',
      input: { serviceId: 'PSVC1', title: 'The lamp is out', assigneeId: 'PUSER2', urgency: 'low' },
      effects: ['incident.create', 'person.call'],
      effect: { kind: 'communicate', reversible: 'no', external: false, privileged: false },
    },
    {
      operation: 'pagerduty.incident.acknowledge',
      input: { id: 'PINC1' },
      effects: ['incident.acknowledged'],
      effect: { kind: 'update', reversible: 'no' },
    },
    {
      operation: 'pagerduty.incident.resolve',
      input: { id: 'PINC1', resolution: 'A new lamp.' },
      effects: ['incident.resolved'],
      effect: { kind: 'update', reversible: 'no' },
    },
    {
      operation: 'pagerduty.incident.reassign',
      input: { id: 'PINC1', assigneeIds: ['PUSER2'], previousIds: ['PUSER1'] },
      effects: ['incident.reassign'],
      effect: { kind: 'communicate', reversible: 'operation', count: 1 },
    },
    {
      operation: 'pagerduty.incident.reassign',
      input: { id: 'PINC1', escalationPolicyId: 'PPOLICY2' },
      effects: ['incident.reassign'],
      effect: { kind: 'communicate', reversible: 'no' },
      when: 'to a policy, or nobody says whose it was',
    },
    {
      operation: 'pagerduty.incident.merge',
      input: { id: 'PINC1', sourceIds: ['PINC2', 'PINC3'] },
      effects: ['incident.merge', 'incident.merge'],
      effect: { kind: 'update', reversible: 'no', count: 2 },
    },
    { operation: 'pagerduty.note.list', input: { id: 'PINC1' }, effects: [] },
    {
      operation: 'pagerduty.note.create',
      input: { id: 'PINC1', content: 'Somebody has gone for a lamp.' },
      effects: ['note.create'],
      effect: { kind: 'create', reversible: 'no', external: false },
    },
    { operation: 'pagerduty.on-call.list', input: { scheduleId: 'PSCHED1' }, effects: [] },
    {
      operation: 'pagerduty.override.list',
      input: { scheduleId: 'PSCHED1', start: '2031-01-01T00:00:00Z', end: '2031-01-02T00:00:00Z' },
      effects: [],
    },
    {
      operation: 'pagerduty.override.create',
      input: { ...SHIFT, userId: 'PUSER2' },
      effects: ['override.create'],
      effect: { kind: 'create', reversible: 'operation', privileged: true },
    },
    {
      operation: 'pagerduty.override.delete',
      input: {
        scheduleId: 'PSCHED1',
        overrideId: 'POVR1',
        userId: 'PUSER2',
        start: '2031-01-01T00:00:00Z',
        end: '2031-01-02T00:00:00Z',
      },
      effects: ['override.delete'],
      effect: { kind: 'delete', reversible: 'operation', privileged: true },
    },
    { operation: 'pagerduty.maintenance-window.list', input: { filter: 'open' }, effects: [] },
    {
      operation: 'pagerduty.maintenance-window.create',
      input: { serviceIds: ['PSVC1', 'PSVC2'], ...WINDOW },
      effects: ['maintenance-window.create'],
      effect: { kind: 'privilege', reversible: 'operation', privileged: true, count: 2 },
    },
    {
      operation: 'pagerduty.maintenance-window.delete',
      input: { id: 'PWIN1' },
      effects: ['maintenance-window.delete'],
      effect: { kind: 'delete', reversible: 'no', privileged: true },
    },
    { operation: 'pagerduty.service.list', input: {}, effects: [] },
    {
      operation: 'pagerduty.service.delete',
      input: { id: 'PSVC2' },
      effects: ['service.delete'],
      effect: { kind: 'delete', reversible: 'no', privileged: true },
    },
    { operation: 'pagerduty.user.list', input: { query: 'ada' }, effects: [] },
    { operation: 'pagerduty.user.get', input: { id: 'PUSER1' }, effects: [] },
    {
      operation: 'pagerduty.user.create',
      input: { name: 'Kim', email: 'kim@example.com', role: 'user' },
      effects: ['user.create', 'user.invite'],
      effect: { kind: 'privilege', reversible: 'operation', external: false, privileged: true },
    },
    {
      operation: 'pagerduty.user.create',
      input: { name: 'Kim', email: 'kim@example.com', role: 'read_only_user' },
      effects: ['user.create', 'user.invite'],
      effect: { kind: 'create', reversible: 'operation', external: false, privileged: true },
      when: 'who only looks',
    },
    {
      operation: 'pagerduty.user.create',
      input: { name: 'Mallory', email: 'mallory@elsewhere.example', role: 'admin' },
      effects: ['user.create', 'user.invite'],
      effect: { kind: 'privilege', external: true, privileged: true },
      when: 'at another domain',
    },
    {
      operation: 'pagerduty.user.delete',
      input: { id: 'PUSER3' },
      effects: ['user.delete'],
      effect: { kind: 'delete', reversible: 'no', privileged: true },
    },
  ],
  effectCases: [
    {
      operation: 'pagerduty.incident.merge',
      input: { id: 'PINC1', sourceIds: ['PINC2'] },
      effect: { kind: 'update', reversible: 'no', count: 1 },
    },
    {
      operation: 'pagerduty.maintenance-window.create',
      input: { serviceIds: ['PSVC1'], ...WINDOW },
      effect: { kind: 'privilege', reversible: 'operation', count: 1 },
    },
  ],
  rateLimits: [
    {
      status: 429,
      headers: { 'ratelimit-limit': '960', 'ratelimit-remaining': '0', 'ratelimit-reset': '20' },
      body: { error: { message: 'Rate Limit Exceeded', code: 2020 } },
      dialect: 'seconds',
      waitsMs: 20_000,
    },
    { status: 429, headers: {}, dialect: 'none', waitsMs: 60_000 },
  ],
  paging: [
    { operation: 'pagerduty.incident.list', input: { limit: 2 } },
    { operation: 'pagerduty.on-call.list', input: { limit: 1 } },
    { operation: 'pagerduty.service.list', input: { limit: 1 } },
    { operation: 'pagerduty.user.list', input: { limit: 1 } },
  ],
  state: {
    reads: [
      { operation: 'pagerduty.incident.list', input: {} },
      {
        operation: 'pagerduty.override.list',
        input: { scheduleId: 'PSCHED1', start: '2031-01-01T00:00:00Z', end: '2031-03-01T00:00:00Z' },
      },
      { operation: 'pagerduty.maintenance-window.list', input: {} },
      { operation: 'pagerduty.user.list', input: {} },
    ],
    // An override that is put back is a new one.
    ignore: ['id'],
  },
  facts: [
    { name: 'onCall', subject: { type: 'PagerDuty::User', id: 'PUSER1' }, value: true },
    { name: 'onCall', subject: { type: 'PagerDuty::User', id: 'PUSER3' }, value: false },
    { name: 'serviceStatus', subject: { type: 'PagerDuty::Service', id: 'PSVC1' }, value: 'active' },
    { name: 'incidentUrgency', subject: { type: 'PagerDuty::Incident', id: 'PINC1' }, value: 'high' },
  ],
  // Who stands beside the simulator: nobody yet. The vendor publishes a description and SDKs that could.
  judgedBy: { '*': 'none' },
} satisfies ConformanceFixtures;
