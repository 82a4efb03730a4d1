import { z } from 'zod';
import type { Enricher } from '../../src/connector/contract.ts';
import type { HttpReply } from '../../src/connector/http/http-client.ts';
import { type HttpFact, httpFact } from '../../src/connector/http/http-fact.ts';
import { resourcesOf } from './envelope.ts';
import { mem, sdk } from './evidence.ts';
import { fql } from './fql.ts';
import { deviceId, userUuid } from './ids.ts';

const MINUTE_MS = 60_000;

const host = z.object({ device_id: z.string(), status: z.string().optional(), last_seen: z.iso.datetime().optional() });
const total = z.object({ meta: z.object({ pagination: z.object({ total: z.int().nonnegative() }) }) });
const role = z.object({ role_id: z.string() });

const isHost = (id: string): boolean => deviceId.safeParse(id).success;

/** Of one host; undefined where Falcon has none of this id. */
function hostFact(value: (found: z.output<typeof host>) => ReturnType<HttpFact['value']>): Enricher['fetch'] {
  return httpFact({
    isSubject: isHost,
    request: ({ id }) => ({ method: 'POST', path: '/devices/entities/devices/v2', body: { ids: [id] } }),
    value: (reply: HttpReply, { id }) => {
      const found = resourcesOf(reply, host).find(({ device_id }) => device_id === id);
      return found === undefined ? undefined : value(found);
    },
  });
}

const aboutHosts = { about: ['CrowdStrike::Device'], ttlMs: MINUTE_MS } as const;
const DETAILS = sdk('POST /devices/entities/devices/v2 (PostDeviceDetailsV2): status, last_seen');

export const enrichers: readonly Enricher[] = [
  {
    ...aboutHosts,
    name: 'hostStatus',
    title: 'Whether the host is normal, contained, or on the way from one to the other.',
    type: 'String',
    fetch: hostFact(({ status }) => status),
    evidence: [DETAILS],
  },
  {
    ...aboutHosts,
    name: 'hostLastSeen',
    title: 'When the host was last seen, in milliseconds since 1970.',
    type: 'Long',
    fetch: hostFact(({ last_seen }) => (last_seen === undefined ? undefined : Date.parse(last_seen))),
    evidence: [DETAILS],
  },
  {
    ...aboutHosts,
    name: 'hostOpenAlerts',
    title: 'How many alerts of the host nobody has closed. Unverified: the name of the field to filter by.',
    type: 'Long',
    fetch: httpFact({
      isSubject: isHost,
      request: ({ id }) => {
        const filter = fql([
          { field: 'device.device_id', is: 'equal', value: id },
          { field: 'status', is: 'not-equal', value: 'closed' },
        ]);
        return { method: 'GET', path: '/alerts/queries/alerts/v2', query: { filter, limit: 1 } };
      },
      value: ({ body }) => total.parse(body).meta.pagination.total,
    }),
    evidence: [
      sdk('GET /alerts/queries/alerts/v2 (GetQueriesAlertsV2): filter, meta.pagination.total'),
      mem('alerts are filtered by device.device_id'),
    ],
  },
  {
    name: 'consoleRoles',
    title: 'The roles that somebody has in the console before an action touches the account.',
    type: { setOf: 'String' },
    about: ['CrowdStrike::User'],
    ttlMs: 5 * MINUTE_MS,
    fetch: httpFact({
      isSubject: (id) => userUuid.safeParse(id).success,
      request: ({ id }) => ({
        method: 'GET',
        path: '/user-management/combined/user-roles/v2',
        query: { user_uuid: id },
      }),
      value: (reply) => [...new Set(resourcesOf(reply, role).map(({ role_id }) => role_id))].sort(),
    }),
    evidence: [sdk('GET /user-management/combined/user-roles/v2 (CombinedUserRolesV2): user_uuid; role_id')],
  },
];
