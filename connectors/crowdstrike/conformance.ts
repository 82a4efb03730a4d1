import type { Effect } from '../../src/action/effect.ts';
import {
  CONFORMANCE_NOW_MS,
  type ConformanceFixtures,
  type ConformanceSample,
} from '../../src/connector/conformance/fixtures.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { FLEET } from './effects.ts';
import { SEED } from './simulator/seed.ts';

const { cid, devices, users, policies, indicators, files, alerts, session, batch, command, workflow } = SEED;

const read = (operation: string, input: JsonObject): ConformanceSample => ({
  operation: `crowdstrike.${operation}`,
  input,
  effects: [],
});

type Said = readonly [kind: Effect['kind'], reversible: Effect['reversible'], count?: number];

/** One that writes: what the audit shows, and what it must say that it does. */
function write(
  operation: string,
  input: JsonObject,
  effects: readonly string[],
  [kind, reversible, count = 1]: Said,
  more: { readonly when?: string; readonly privileged?: boolean; readonly external?: boolean } = {},
): ConformanceSample {
  const { when, privileged = true, external = false } = more;
  return {
    operation: `crowdstrike.${operation}`,
    input,
    effects,
    effect: { kind, reversible, count, privileged, external },
    ...(when === undefined ? {} : { when }),
  };
}

const person = { uid: 'mary@example.com', firstName: 'Mary', lastName: 'Jackson' };
const ioc = { type: 'domain', value: 'worse.example', platforms: ['windows'], severity: 'high', appliedGlobally: true };

const samples: readonly ConformanceSample[] = [
  read('device.search', { where: [{ field: 'platform_name', value: 'Windows' }] }),
  read('device.get', { ids: [devices.laptop] }),
  write(
    'device.act',
    { action: 'contain', ids: [devices.laptop, devices.server] },
    ['device.contain', 'device.contain'],
    ['isolate', 'operation', 2],
    { when: 'contain' },
  ),
  write(
    'device.act',
    { action: 'lift_containment', ids: [devices.contained] },
    ['device.lift_containment'],
    ['privilege', 'operation'],
    { when: 'lift_containment' },
  ),
  write('device.act', { action: 'hide_host', ids: [devices.laptop] }, ['device.hide_host'], ['delete', 'operation'], {
    when: 'hide_host',
  }),
  write(
    'device.act',
    { action: 'unhide_host', ids: [devices.hidden] },
    ['device.unhide_host'],
    ['update', 'operation'],
    { when: 'unhide_host' },
  ),
  write('session.open', { deviceId: devices.laptop }, ['session.open'], ['privilege', 'operation']),
  write('session.close', { sessionId: session }, ['session.close'], ['delete', 'no'], { privileged: false }),
  write(
    'session.run',
    { sessionId: session, command: 'ls', commandLine: 'ls C:\\' },
    ['session.run'],
    ['execute', 'no'],
  ),
  read('session.read-output', { cloudRequestId: command }),
  write('batch.open', { hostIds: [devices.laptop, devices.server] }, ['batch.open'], ['privilege', 'window', 2]),
  write(
    'batch.run',
    { batchId: batch, hostIds: [devices.server], command: 'ps', commandLine: 'ps' },
    ['batch.run'],
    ['execute', 'no', 1],
    { when: 'on hosts that are named' },
  ),
  write(
    'batch.run',
    { batchId: batch, command: 'ps', commandLine: 'ps' },
    ['batch.run', 'batch.run'],
    ['execute', 'no', FLEET],
    { when: 'on the whole batch' },
  ),
  write(
    'uninstall-token.reveal',
    { deviceId: devices.laptop, auditMessage: 'Repair' },
    ['uninstall-token.reveal'],
    ['privilege', 'no'],
  ),
  write(
    'uninstall-token.reveal',
    { deviceId: 'MAINTENANCE', auditMessage: 'Repair' },
    ['uninstall-token.reveal'],
    ['privilege', 'no', FLEET],
    { when: 'in bulk' },
  ),
  read('user.search', {}),
  read('user.get', { userUuid: users.ada }),
  write('user.create', person, ['user.create'], ['privilege', 'operation'], { external: true }),
  write('user.create', { ...person, validateOnly: true }, [], ['read', 'operation'], {
    privileged: false,
    when: 'a dry run',
  }),
  write('user.delete', { userUuid: users.ada }, ['user.delete'], ['delete', 'no']),
  read('user.list-roles', { userUuid: users.grace }),
  write(
    'role.grant',
    { userUuid: users.ada, cid, roleIds: ['falcon_administrator', 'remote_responder_three'] },
    ['role.grant'],
    ['privilege', 'operation', 2],
  ),
  write(
    'role.revoke',
    { userUuid: users.grace, cid, roleIds: ['falcon_administrator'] },
    ['role.revoke'],
    ['privilege', 'operation'],
  ),
  read('prevention-policy.search', {}),
  write(
    'prevention-policy.enable',
    { policyId: policies.off },
    ['prevention-policy.enable'],
    ['update', 'operation', FLEET],
  ),
  write(
    'prevention-policy.disable',
    { policyId: policies.windows },
    ['prevention-policy.disable'],
    ['privilege', 'operation', FLEET],
  ),
  write('prevention-policy.delete', { policyId: policies.off }, ['prevention-policy.delete'], ['delete', 'no', FLEET]),
  read('indicator.search', { where: [{ field: 'type', value: 'domain' }] }),
  write('indicator.create', { ...ioc, action: 'detect' }, ['indicator.create'], ['create', 'operation', FLEET], {
    when: 'that reports',
  }),
  write('indicator.create', { ...ioc, action: 'prevent' }, ['indicator.create'], ['isolate', 'operation', FLEET], {
    when: 'that stops',
  }),
  write('indicator.create', { ...ioc, action: 'allow' }, ['indicator.create'], ['privilege', 'operation', FLEET], {
    when: 'that lets through',
  }),
  write('indicator.delete', { indicatorId: indicators.hash }, ['indicator.delete'], ['delete', 'no']),
  write(
    'indicator.delete-matching',
    { where: [{ field: 'type', value: 'domain' }] },
    ['indicator.delete'],
    ['delete', 'no', FLEET],
  ),
  read('quarantine.search', {}),
  write(
    'quarantine.act',
    { action: 'release', ids: [files.held] },
    ['quarantine.release'],
    ['privilege', 'operation'],
    { when: 'release' },
  ),
  write(
    'quarantine.act',
    { action: 'unrelease', ids: [files.released] },
    ['quarantine.unrelease'],
    ['isolate', 'operation'],
    { when: 'unrelease' },
  ),
  write('quarantine.act', { action: 'delete', ids: [files.held] }, ['quarantine.delete'], ['delete', 'no'], {
    when: 'delete',
  }),
  read('alert.search', {}),
  write('alert.update', { ids: [alerts.open], change: { status: 'in_progress' } }, ['alert.update'], ['update', 'no'], {
    privileged: false,
  }),
  write(
    'alert.update',
    { ids: [alerts.open, alerts.other], change: { showInUi: false } },
    ['alert.update', 'alert.update'],
    ['update', 'no', 2],
    { when: 'hidden or closed' },
  ),
  read('incident.search', {}),
  write('workflow.execute', { workflowId: workflow }, ['workflow.execute'], ['execute', 'no', FLEET], {
    external: true,
  }),
];

export default {
  samples,
  rateLimits: [
    {
      status: 429,
      // Named like seconds, and is a time [sdk].
      headers: {
        'x-ratelimit-limit': '6000',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-retryafter': String(CONFORMANCE_NOW_MS / 1_000 + 7),
      },
      body: { meta: {}, errors: [{ code: 429, message: 'API rate limit exceeded.' }] },
      dialect: 'epoch',
      waitsMs: 7_000,
    },
    { status: 429, headers: {}, dialect: 'none', waitsMs: undefined },
  ],
  paging: [
    { operation: 'crowdstrike.device.search', input: { limit: 1 } },
    { operation: 'crowdstrike.indicator.search', input: { limit: 1 } },
    { operation: 'crowdstrike.user.search', input: { limit: 1 } },
  ],
  state: {
    reads: [
      { operation: 'crowdstrike.device.get', input: { ids: Object.values(devices) } },
      ...Object.values(users).map((userUuid) => ({ operation: 'crowdstrike.user.list-roles', input: { userUuid } })),
      ...['user.search', 'prevention-policy.search', 'indicator.search', 'quarantine.search'].map((name) => ({
        operation: `crowdstrike.${name}`,
        input: {},
      })),
    ],
    ignore: [],
  },
  facts: [
    { name: 'hostStatus', subject: { type: 'CrowdStrike::Device', id: devices.contained }, value: 'contained' },
    { name: 'hostStatus', subject: { type: 'CrowdStrike::Device', id: '*' }, value: undefined },
    {
      name: 'hostLastSeen',
      subject: { type: 'CrowdStrike::Device', id: devices.laptop },
      value: Date.parse('2026-01-05T09:00:00Z'),
    },
    { name: 'hostOpenAlerts', subject: { type: 'CrowdStrike::Device', id: devices.laptop }, value: 1 },
    // One that is closed does not count.
    { name: 'hostOpenAlerts', subject: { type: 'CrowdStrike::Device', id: devices.server }, value: 0 },
    {
      name: 'consoleRoles',
      subject: { type: 'CrowdStrike::User', id: users.grace },
      value: ['falcon_administrator'],
    },
  ],
  judgedBy: { '*': ['description', 'sdk'] },
} satisfies ConformanceFixtures;
