import type { Json } from '../../../src/lib/json.ts';
import { entitiesRoute, matcherOf, oneRoute, queryRoute } from './find.ts';
import { rtrRoutes } from './rtr.ts';
import { bodyOf, eachId, type Route, refuse, reply, textsIn, uuid } from './tenant.ts';

const DEVICE_ACTIONS: Readonly<Record<string, readonly [field: string, value: string]>> = {
  contain: ['status', 'contained'],
  lift_containment: ['status', 'normal'],
  hide_host: ['host_hidden_status', 'hidden'],
  unhide_host: ['host_hidden_status', 'visible'],
};

const deviceRoutes: readonly Route[] = [
  queryRoute({ path: '/devices/queries/devices-scroll/v1', of: ({ devices }) => devices, paging: 'scroll' }),
  entitiesRoute('/devices/entities/devices/v2', ({ devices }) => devices),
  {
    method: 'POST',
    path: '/devices/entities/devices-actions/v2',
    handle: (call) => {
      const name = call.request.query.get('action_name') ?? '';
      const action = DEVICE_ACTIONS[name];
      if (action === undefined) return refuse(400, 'unknown action_name');
      const [field, value] = action;
      return eachId(textsIn(bodyOf(call)['ids']), call.tenant.devices, (id, device) => {
        device[field] = value;
        call.world.audit(`device.${name}`, id);
      });
    },
  },
  {
    method: 'POST',
    path: '/policy/combined/reveal-uninstall-token/v1',
    handle: (call) => {
      const device = String(bodyOf(call)['device_id'] ?? '');
      if (device !== 'MAINTENANCE' && !call.tenant.devices.has(device)) return refuse(404, 'no such device');
      call.world.audit('uninstall-token.reveal', device);
      return reply([{ device_id: device, seed_id: 1, uninstall_token: call.world.id() }]);
    },
  },
];

const userRoutes: readonly Route[] = [
  queryRoute({ path: '/user-management/queries/users/v1', of: ({ users }) => users, paging: 'offset' }),
  entitiesRoute('/user-management/entities/users/GET/v1', ({ users }) => users),
  {
    method: 'POST',
    path: '/user-management/entities/users/v1',
    handle: (call) => {
      const { uid, first_name, last_name } = bodyOf(call);
      if (typeof uid !== 'string') return refuse(400, 'uid is required');
      if ([...call.tenant.users.values()].some((user) => user['uid'] === uid)) return refuse(409, 'uid is taken');
      if (call.request.query.get('validate_only') === 'true') return reply([]);
      const id = uuid(call.world);
      const user = { uuid: id, uid, first_name: first_name ?? '', last_name: last_name ?? '' };
      call.tenant.users.set(id, user);
      call.world.audit('user.create', id);
      return reply([user], { status: 201 });
    },
  },
  {
    method: 'DELETE',
    path: '/user-management/entities/users/v1',
    handle: ({ tenant, request, world }) => {
      const id = request.query.get('user_uuid') ?? '';
      if (!tenant.users.delete(id)) return refuse(404, 'no such user');
      tenant.roles.delete(id);
      world.audit('user.delete', id);
      return reply([]);
    },
  },
  {
    method: 'GET',
    path: '/user-management/combined/user-roles/v2',
    handle: ({ tenant, request }) => {
      const id = request.query.get('user_uuid') ?? '';
      return reply([...(tenant.roles.get(id) ?? [])].map((role) => ({ role_id: role, role_name: role, uuid: id })));
    },
  },
  {
    method: 'POST',
    path: '/user-management/entities/user-role-actions/v1',
    handle: (call) => {
      const { action, uuid: id, role_ids } = bodyOf(call);
      const roles = call.tenant.roles.get(String(id));
      if (roles === undefined) return refuse(404, 'no such user');
      if (action !== 'grant' && action !== 'revoke') return refuse(400, 'unknown action');
      for (const role of textsIn(role_ids)) action === 'grant' ? roles.add(role) : roles.delete(role);
      call.world.audit(`role.${action}`, String(id));
      return reply([]);
    },
  },
];

const policyRoutes: readonly Route[] = [
  queryRoute({ path: '/policy/combined/prevention/v1', of: ({ policies }) => policies, paging: 'offset', whole: true }),
  oneRoute('/policy/entities/prevention/v1', ({ policies }) => policies),
  {
    method: 'POST',
    path: '/policy/entities/prevention-actions/v1',
    handle: (call) => {
      const name = call.request.query.get('action_name');
      if (name !== 'enable' && name !== 'disable') return refuse(400, 'unknown action_name');
      return eachId(textsIn(bodyOf(call)['ids']), call.tenant.policies, (id, policy) => {
        policy['enabled'] = name === 'enable';
        call.world.audit(`prevention-policy.${name}`, id);
      });
    },
  },
  {
    method: 'DELETE',
    path: '/policy/entities/prevention/v1',
    handle: ({ tenant, request, world }) => {
      const ids = request.query.getAll('ids').filter((id) => tenant.policies.delete(id));
      for (const id of ids) world.audit('prevention-policy.delete', id);
      return ids.length === 0 ? refuse(404, 'no such policy') : reply(ids);
    },
  },
];

const indicatorRoutes: readonly Route[] = [
  queryRoute({ path: '/iocs/combined/indicator/v1', of: ({ indicators }) => indicators, paging: 'after', whole: true }),
  oneRoute('/iocs/entities/indicators/v1', ({ indicators }) => indicators),
  {
    method: 'POST',
    path: '/iocs/entities/indicators/v1',
    handle: (call) => {
      const given = bodyOf(call)['indicators'];
      const made: Json[] = [];
      for (const each of Array.isArray(given) ? given : []) {
        const id = `${call.world.id()}${call.world.id()}`;
        const indicator = { ...Object(each), id };
        call.tenant.indicators.set(id, indicator);
        call.world.audit('indicator.create', id);
        made.push(indicator);
      }
      return made.length === 0 ? refuse(400, 'no indicators') : reply(made, { status: 201 });
    },
  },
  {
    method: 'DELETE',
    path: '/iocs/entities/indicators/v1',
    handle: ({ tenant, request, world }) => {
      const filter = request.query.get('filter');
      const matches = filter === null ? undefined : matcherOf(filter);
      if (filter !== null && matches === undefined) return refuse(400, 'invalid filter');
      const wanted = new Set(request.query.getAll('ids'));
      const ids = [...tenant.indicators].filter(([id, row]) => matches?.(row) ?? wanted.has(id)).map(([id]) => id);
      for (const id of ids) {
        tenant.indicators.delete(id);
        world.audit('indicator.delete', id);
      }
      return ids.length === 0 ? refuse(404, 'no such indicator') : reply(ids);
    },
  },
];

const FILE_STATES: Readonly<Record<string, string>> = {
  release: 'released',
  unrelease: 'unreleased',
  delete: 'deleted',
};

const caseRoutes: readonly Route[] = [
  queryRoute({ path: '/quarantine/queries/quarantined-files/v1', of: ({ files }) => files, paging: 'offset' }),
  entitiesRoute('/quarantine/entities/quarantined-files/GET/v1', ({ files }) => files),
  {
    method: 'PATCH',
    path: '/quarantine/entities/quarantined-files/v1',
    handle: (call) => {
      const { action, ids } = bodyOf(call);
      const state = FILE_STATES[String(action)];
      if (state === undefined) return refuse(400, 'unknown action');
      const known = textsIn(ids).filter((id) => call.tenant.files.has(id));
      const errors = textsIn(ids).filter((id) => !known.includes(id));
      for (const id of known) {
        call.tenant.files.set(id, { ...call.tenant.files.get(id), state });
        call.world.audit(`quarantine.${action}`, id);
      }
      // The answer to this one has no list of results [sdk: MsaReplyMetaOnly].
      return { status: 200, body: { meta: {}, errors: errors.map((id) => ({ code: 404, message: 'not found', id })) } };
    },
  },
  queryRoute({ path: '/alerts/queries/alerts/v2', of: ({ alerts }) => alerts, paging: 'offset' }),
  entitiesRoute('/alerts/entities/alerts/v2', ({ alerts }) => alerts, 'composite_ids'),
  {
    method: 'PATCH',
    path: '/alerts/entities/alerts/v3',
    handle: (call) => {
      const { composite_ids, action_parameters } = bodyOf(call);
      const parameters = (Array.isArray(action_parameters) ? action_parameters : []).map(Object);
      return eachId(textsIn(composite_ids), call.tenant.alerts, (id, alert) => {
        for (const { name, value } of parameters) {
          if (name === 'update_status') alert['status'] = value;
          if (name === 'show_in_ui') alert['show_in_ui'] = value === 'true';
          if (name === 'assign_to_uuid') alert['assigned_to_uuid'] = value;
        }
        call.world.audit('alert.update', id);
      });
    },
  },
  queryRoute({ path: '/incidents/queries/incidents/v1', of: ({ incidents }) => incidents, paging: 'offset' }),
  entitiesRoute('/incidents/entities/incidents/GET/v1', ({ incidents }) => incidents),
];

export const FALCON_ROUTES: readonly Route[] = [
  ...deviceRoutes,
  ...userRoutes,
  ...policyRoutes,
  ...indicatorRoutes,
  ...caseRoutes,
  ...rtrRoutes,
];
