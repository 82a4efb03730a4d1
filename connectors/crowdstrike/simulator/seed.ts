import type { Json } from '../../../src/lib/json.ts';
import type { Records, Tenant } from './tenant.ts';

const hex = (digit: string, length: number) => digit.repeat(length);
const uuidOf = (digit: string) =>
  `${hex(digit, 8)}-${hex(digit, 4)}-${hex(digit, 4)}-${hex(digit, 4)}-${hex(digit, 12)}`;
const cid = hex('c', 32);

/** Ids of the simulated tenant. */
export const SEED = {
  cid,
  devices: { laptop: hex('1', 32), server: hex('2', 32), contained: hex('3', 32), hidden: hex('4', 32) },
  users: { ada: uuidOf('a'), grace: uuidOf('b') },
  policies: { windows: hex('5', 32), off: hex('6', 32) },
  indicators: { domain: hex('7', 64), hash: hex('8', 64) },
  files: { held: `${hex('1', 32)}_${hex('9', 64)}`, released: `${hex('2', 32)}_${hex('9', 64)}` },
  alerts: { open: `${cid}:ind:${hex('1', 32)}:1-2-3`, other: `${cid}:ind:${hex('2', 32)}:4-5-6` },
  incidents: { first: `inc:${hex('1', 32)}:${hex('d', 32)}` },
  session: uuidOf('e'),
  batch: uuidOf('f'),
  command: uuidOf('d'),
  workflow: hex('0', 32),
} as const;

const recordsOf = (rows: Readonly<Record<string, { readonly [field: string]: Json }>>): Records =>
  new Map(Object.entries(rows).map(([id, row]) => [id, { ...row }]));

const device = (id: string, hostname: string, status = 'normal', hidden = 'visible') => ({
  [id]: {
    device_id: id,
    hostname,
    platform_name: 'Windows',
    os_version: 'Windows 11',
    status,
    host_hidden_status: hidden,
    last_seen: '2026-01-05T09:00:00Z',
    tags: [],
  },
});

export function seedTenant(): Tenant {
  const { devices, users, policies, indicators, files, alerts, incidents } = SEED;
  return {
    devices: recordsOf({
      ...device(devices.laptop, 'LAPTOP-ADA'),
      ...device(devices.server, 'SRV-BILLING'),
      ...device(devices.contained, 'LAPTOP-EVE', 'contained'),
      ...device(devices.hidden, 'OLD-HOST', 'normal', 'hidden'),
    }),
    users: recordsOf({
      [users.ada]: { uuid: users.ada, uid: 'ada@example.com', first_name: 'Ada', last_name: 'Lovelace', cid },
      [users.grace]: { uuid: users.grace, uid: 'grace@example.com', first_name: 'Grace', last_name: 'Hopper', cid },
    }),
    roles: new Map([
      [users.ada, new Set(['falcon_console_guest'])],
      [users.grace, new Set(['falcon_administrator'])],
    ]),
    policies: recordsOf({
      [policies.windows]: { id: policies.windows, name: 'Windows', platform_name: 'Windows', enabled: true },
      [policies.off]: { id: policies.off, name: 'Trial', platform_name: 'Linux', enabled: false },
    }),
    indicators: recordsOf({
      [indicators.domain]: { id: indicators.domain, type: 'domain', value: 'bad.example', action: 'detect' },
      [indicators.hash]: { id: indicators.hash, type: 'sha256', value: hex('e', 64), action: 'prevent' },
    }),
    files: recordsOf({
      [files.held]: { id: files.held, aid: devices.laptop, hostname: 'LAPTOP-ADA', state: 'unreleased' },
      [files.released]: { id: files.released, aid: devices.server, hostname: 'SRV-BILLING', state: 'released' },
    }),
    alerts: recordsOf({
      [alerts.open]: {
        composite_id: alerts.open,
        'device.device_id': devices.laptop,
        status: 'new',
        severity: 70,
        cmdline: 'powershell -enc …',
        show_in_ui: true,
      },
      [alerts.other]: {
        composite_id: alerts.other,
        'device.device_id': devices.server,
        status: 'closed',
        severity: 30,
        show_in_ui: true,
      },
    }),
    incidents: recordsOf({
      [incidents.first]: { incident_id: incidents.first, status: 20, state: 'open', name: 'First' },
    }),
    sessions: new Map([[SEED.session, devices.laptop]]),
    batches: new Map([[SEED.batch, [devices.laptop, devices.server]]]),
    started: new Map([[SEED.command, 'ran ls']]),
  };
}
