import { z } from 'zod';
import type { Effect } from '../../../src/action/effect.ts';
import { readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { change } from '../effects.ts';
import { perIdOf, perIdOutput, resourcesOf } from '../envelope.ts';
import { mem, ONCE, sdk } from '../evidence.ts';
import { deviceIds } from '../ids.ts';
import { foundOutput, idsThenEntities, SCROLL, searchInput } from '../lists.ts';
import { allOrNone, settle } from '../read-back.ts';
import { refs } from '../resources.ts';

const DETAILS = '/devices/entities/devices/v2';

const text = z.string().optional();
const device = z.object({
  device_id: z.string(),
  hostname: text,
  platform_name: text,
  os_version: text,
  status: text,
  host_hidden_status: text,
  last_seen: text,
  external_ip: text,
  local_ip: text,
  last_login_user: text,
  groups: z.array(z.string()).nullish(),
  tags: z.array(z.string()).nullish(),
});

const details = (ids: readonly string[]) => ({ method: 'POST', path: DETAILS, body: { ids: [...ids] } }) as const;
const touched = ({ devices }: { readonly devices: readonly z.output<typeof device>[] }) =>
  devices.map(({ device_id }) => ({ type: 'CrowdStrike::Device', id: device_id }) as const);

/** A host's name and its user's are whatever somebody on that host says. */
const fromHosts = {
  labels: () => ['security', 'pii'],
  provenance: {
    returns: { default: 'system', fields: { 'devices[*].hostname': 'others', 'devices[*].tags': 'others' } },
  },
  touched,
} as const;

const searchDevices = readOperation({
  ...fromHosts,
  name: 'crowdstrike.device.search',
  description: 'Searches hosts by conditions, with their containment status.',
  input: searchInput,
  output: foundOutput('devices', device),
  resourceTypes: ['CrowdStrike::Device'],
  resources: () => refs('CrowdStrike::Device', []),
  execute: idsThenEntities({
    as: 'devices',
    queries: '/devices/queries/devices-scroll/v1',
    entities: DETAILS,
    item: device,
    dialect: SCROLL,
  }),
  evidence: [
    sdk('GET /devices/queries/devices-scroll/v1 (QueryDevicesByFilterScroll)'),
    sdk('POST /devices/entities/devices/v2 (PostDeviceDetailsV2)'),
  ],
});

const getDevices = readOperation({
  ...fromHosts,
  name: 'crowdstrike.device.get',
  description: 'Reads hosts by id, with their containment status.',
  input: z.strictObject({ ids: deviceIds }),
  output: z.object({ devices: z.array(device) }),
  resourceTypes: ['CrowdStrike::Device'],
  resources: ({ ids }) => refs('CrowdStrike::Device', ids),
  execute: httpExecution({
    request: ({ ids }) => details(ids),
    repeatable: true,
    reads: true,
    result: (reply) => ({ devices: resourcesOf(reply, device) }),
  }),
  evidence: [sdk('POST /devices/entities/devices/v2 (PostDeviceDetailsV2)')],
});

type Action = 'contain' | 'lift_containment' | 'hide_host' | 'unhide_host';

interface Meaning {
  readonly effect: Pick<Effect, 'kind'>;
  readonly opposite: Action;
  /** Where it shows, and which values show that it was ordered [mem: the values]. */
  readonly field: 'status' | 'host_hidden_status';
  readonly applied: readonly string[];
}

/** One path of Falcon's does four things; the action's name decides which. */
const ACTIONS: Readonly<Record<Action, Meaning>> = {
  contain: {
    effect: { kind: 'isolate' },
    opposite: 'lift_containment',
    field: 'status',
    applied: ['contained', 'containment_pending'],
  },
  lift_containment: {
    effect: { kind: 'privilege' },
    opposite: 'contain',
    field: 'status',
    applied: ['normal', 'lift_containment_pending'],
  },
  // "no new detections … will be reported" for a hidden host [sdk].
  hide_host: { effect: { kind: 'delete' }, opposite: 'unhide_host', field: 'host_hidden_status', applied: ['hidden'] },
  unhide_host: { effect: { kind: 'update' }, opposite: 'hide_host', field: 'host_hidden_status', applied: ['visible'] },
};

const actOnDevices = writeOperation({
  name: 'crowdstrike.device.act',
  description:
    'Cuts hosts off the network (contain), takes that back (lift_containment), deletes hosts from the console so that nothing they do is reported (hide_host), or restores them (unhide_host).',
  input: z.strictObject({
    action: z.enum(['contain', 'lift_containment', 'hide_host', 'unhide_host']),
    ids: deviceIds,
  }),
  output: perIdOutput,
  resourceTypes: ['CrowdStrike::Device'],
  resources: ({ ids }) => refs('CrowdStrike::Device', ids),
  provenance: {
    arguments: { ids: 'target', action: 'flag' },
    asked: ['contain', 'isolate', 'quarantine', 'hide', 'restore'],
  },
  effect: ({ action, ids }) => change(ACTIONS[action].effect.kind, 'operation', { count: ids.length }),
  effectKinds: ['isolate', 'privilege', 'delete', 'update'],
  repeat: ONCE,
  execute: httpExecution({
    request: ({ action, ids }) => ({
      method: 'POST',
      path: '/devices/entities/devices-actions/v2',
      query: { action_name: action },
      body: { ids },
    }),
    repeatable: false,
    result: (reply, { ids }) => perIdOf(reply, ids),
  }),
  probe: settle({
    call: ({ ids }) => details(ids),
    item: device,
    judge: (found, { action, ids }) => {
      const { field, applied } = ACTIONS[action];
      return allOrNone(
        found.map((each) => applied.includes(each[field] ?? '')),
        ids.length,
      );
    },
    result: (_found, { ids }) => ({ done: ids, refused: [] }),
  }),
  undo: ({ action, ids }, result) => {
    const said = perIdOutput.safeParse(result);
    const done = said.success ? said.data.done : ids;
    return { operation: 'crowdstrike.device.act', input: { action: ACTIONS[action].opposite, ids: done } };
  },
  evidence: [
    sdk('POST /devices/entities/devices-actions/v2?action_name=… (PerformActionV2)'),
    mem('the values of status and host_hidden_status'),
  ],
});

export const deviceOperations = [searchDevices, getDevices, actOnDevices] as const;
