import type { Clock } from '../../../src/lib/clock.ts';
import { sha256 } from '../../../src/lib/digest.ts';
import type { Row, Tables, Writer } from './tables.ts';

/** The id that a seeded record has on every simulated instance. */
export function seedId(table: string, key: string): string {
  return sha256(`${table}/${key}`).slice('sha256:'.length, 'sha256:'.length + 32);
}

const user = (key: string) => seedId('sys_user', key);
const group = (key: string) => seedId('sys_user_group', key);
const role = (key: string) => seedId('sys_user_role', key);

const PEOPLE: readonly (readonly [string, string, string])[] = [
  ['admin', 'System Administrator', 'System Administrator'],
  ['interlock', 'Interlock Integration', 'Integration'],
  ['ada.lindqvist', 'Ada Lindqvist', 'HR Business Partner'],
  ['bruno.ferrari', 'Bruno Ferrari', 'Service Desk Analyst'],
  ['carla.nguyen', 'Carla Nguyen', 'Change Manager'],
  ['dina.haddad', 'Dina Haddad', 'Software Engineer'],
];

const USERS = PEOPLE.map(([key, name, title]): Row => {
  const [first = '', last = ''] = name.split(' ');
  return {
    sys_id: user(key),
    user_name: key,
    name,
    first_name: first,
    last_name: last,
    email: `${key}@example.com`,
    title,
    active: 'true',
    locked_out: 'false',
    vip: 'false',
  };
});

const GROUPS = ['Human Resources', 'Service Desk', 'Network'].map(
  (name): Row => ({ sys_id: group(name), name, active: 'true' }),
);
const ROLES = ['admin', 'itil', 'approver_user', 'sn_hr_core.basic'].map((name): Row => ({ sys_id: role(name), name }));

const CHANGE = seedId('change_request', 'patch-gateway');

const ROWS: Readonly<Record<string, readonly Row[]>> = {
  sys_user: USERS,
  sys_user_group: GROUPS,
  sys_user_role: ROLES,
  sys_group_has_role: [
    { group: group('Human Resources'), role: role('sn_hr_core.basic') },
    { group: group('Service Desk'), role: role('itil') },
  ],
  sys_user_grmember: [
    { user: user('ada.lindqvist'), group: group('Human Resources') },
    { user: user('bruno.ferrari'), group: group('Service Desk') },
  ],
  sys_user_has_role: [
    { user: user('admin'), role: role('admin') },
    { user: user('carla.nguyen'), role: role('approver_user') },
    { user: user('ada.lindqvist'), role: role('sn_hr_core.basic'), inherited: 'true' },
    { user: user('bruno.ferrari'), role: role('itil'), inherited: 'true' },
  ],
  incident: [
    incident('email-down', {
      short_description: 'Unable to connect to email',
      description: 'The mail server does not answer since nine.',
      assignment_group: group('Service Desk'),
      impact: '2',
      urgency: '2',
      priority: '3',
    }),
    incident('laptop', {
      short_description: 'Laptop for a new colleague',
      description: 'Dina Haddad starts on Monday and needs a laptop.',
      assignment_group: group('Service Desk'),
      category: 'hardware',
    }),
    incident('payslip', {
      short_description: 'Question about a payslip',
      description: 'The bonus of March is missing.',
      assignment_group: group('Human Resources'),
      category: 'hr',
    }),
    incident('vpn', {
      short_description: 'VPN drops every hour',
      description: 'Happens at home only.',
      assignment_group: group('Network'),
      category: 'network',
      state: '2',
    }),
  ],
  problem: [
    {
      ...task('problem', 'dns'),
      short_description: 'Name resolution is slow',
      description: 'Several incidents point to the same resolver.',
    },
  ],
  change_request: [
    {
      ...task('change_request', 'patch-gateway'),
      short_description: 'Patch the mail gateway',
      description: 'Install the latest fixes.',
      type: 'normal',
      state: '-3',
      approval: 'requested',
      risk: '3',
    },
  ],
  sysapproval_approver: [
    {
      sys_id: seedId('sysapproval_approver', 'carla'),
      approver: user('carla.nguyen'),
      sysapproval: CHANGE,
      source_table: 'change_request',
      state: 'requested',
    },
    {
      sys_id: seedId('sysapproval_approver', 'interlock'),
      approver: user('interlock'),
      sysapproval: CHANGE,
      source_table: 'change_request',
      state: 'requested',
    },
  ],
  sc_cat_item: [
    {
      sys_id: seedId('sc_cat_item', 'laptop'),
      name: 'Standard laptop',
      short_description: '14 inches, 32 GB',
      price: '1499.00',
      active: 'true',
    },
    {
      sys_id: seedId('sc_cat_item', 'badge'),
      name: 'Building badge',
      short_description: 'Opens the main doors',
      price: '0',
      active: 'true',
    },
  ],
  sys_script: [
    {
      sys_id: seedId('sys_script', 'assign'),
      name: 'Assign by category',
      collection: 'incident',
      script: '',
      active: 'true',
    },
  ],
  sys_properties: [{ sys_id: seedId('sys_properties', 'session'), name: 'glide.ui.session_timeout', value: '30' }],
};

function task(table: string, key: string): Row {
  return {
    sys_id: seedId(table, key),
    state: '1',
    active: 'true',
    impact: '3',
    urgency: '3',
    priority: '5',
    approval: 'not requested',
    opened_by: user('bruno.ferrari'),
    opened_at: '2026-01-12 09:00:00',
  };
}

function incident(key: string, values: Row): Row {
  return { ...task('incident', key), caller_id: user('dina.haddad'), category: 'inquiry', ...values };
}

/** Demo data: a few people, groups with roles, tickets of which one is HR's, and a change that waits for two approvals. */
export function seedTables(tables: Tables, clock: Clock): void {
  const seeded: Writer = {
    by: 'admin',
    // Seeding is no effect of anybody's call, so it is not audited; `sys_id`s that are not given need not be known.
    world: { clock, id: counter(), random: () => 0, audit: () => undefined },
  };
  for (const [table, rows] of Object.entries(ROWS)) for (const row of rows) tables.insert(table, row, seeded);
}

function counter(): () => string {
  let next = 0;
  return () => seedId('seeded', String(next++));
}
