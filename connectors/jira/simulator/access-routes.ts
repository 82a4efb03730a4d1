import type { JsonObject } from '../../../src/lib/json.ts';
import { NO_CONTENT, NOT_FOUND, type Route, refuse, type SiteCall } from './route.ts';

/** Projects, groups, users and grants. */
export const accessRoutes: readonly Route[] = [
  {
    method: 'GET',
    pattern: /^\/project\/([A-Z]+)$/,
    handle: ({ site, params: [key = ''] }) => {
      const project = site.projects.get(key);
      return project === undefined ? NOT_FOUND : { status: 200, body: project };
    },
  },
  {
    method: 'DELETE',
    pattern: /^\/project\/([A-Z]+)$/,
    handle: (call) => {
      if (call.query.get('enableUndo') !== 'false') return setProject(call, 'delete', { deleted: true });
      const [key = ''] = call.params;
      if (!call.site.projects.delete(key)) return NOT_FOUND;
      call.world.audit('project.delete', key);
      return NO_CONTENT;
    },
  },
  {
    method: 'POST',
    pattern: /^\/project\/([A-Z]+)\/archive$/,
    handle: (call) => setProject(call, 'archive', { archived: true }),
  },
  {
    method: 'POST',
    pattern: /^\/project\/([A-Z]+)\/restore$/,
    handle: (call) => setProject(call, 'restore', { archived: false, deleted: false }),
  },
  {
    method: 'GET',
    pattern: /^\/user\/groups$/,
    handle: ({ site, query }) => {
      const groups = site.groupsOf.get(query.get('accountId') ?? '');
      if (groups === undefined) return NOT_FOUND;
      return { status: 200, body: [...groups].sort().map((groupId) => ({ name: groupId, groupId })) };
    },
  },
  {
    method: 'GET',
    pattern: /^\/user$/,
    handle: ({ site, query }) => {
      const accountId = query.get('accountId') ?? '';
      return site.groupsOf.has(accountId) ? { status: 200, body: { accountId } } : NOT_FOUND;
    },
  },
  {
    method: 'DELETE',
    pattern: /^\/user$/,
    handle: ({ site, query, world }) => {
      const accountId = query.get('accountId') ?? '';
      if (!site.groupsOf.delete(accountId)) return NOT_FOUND;
      world.audit('user.delete', accountId);
      return NO_CONTENT;
    },
  },
  {
    method: 'POST',
    pattern: /^\/group\/user$/,
    handle: ({ site, query, body, world }) => {
      const groups = site.groupsOf.get(String(body['accountId']));
      const group = query.get('groupId') ?? '';
      if (groups === undefined) return NOT_FOUND;
      if (groups.has(group)) return refuse(400, 'The user is already a member.');
      groups.add(group);
      world.audit('group.add-member', group);
      return { status: 201, body: { groupId: group } };
    },
  },
  {
    method: 'DELETE',
    pattern: /^\/group\/user$/,
    handle: ({ site, query, world }) => {
      const group = query.get('groupId') ?? '';
      if (site.groupsOf.get(query.get('accountId') ?? '')?.delete(group) !== true) return NOT_FOUND;
      world.audit('group.remove-member', group);
      return { status: 200 };
    },
  },
  {
    method: 'POST',
    pattern: /^\/permissionscheme\/\d+\/permission$/,
    handle: ({ site, body, world }) => {
      const id = 100 + site.grants.size;
      site.grants.set(String(id), { id, ...body });
      world.audit('permission.grant', String(body['permission']));
      return { status: 201, body: { id, ...body } };
    },
  },
  {
    method: 'GET',
    pattern: /^\/permissionscheme\/\d+\/permission\/(\d+)$/,
    handle: ({ site, params: [id = ''] }) => {
      const grant = site.grants.get(id);
      return grant === undefined ? NOT_FOUND : { status: 200, body: grant };
    },
  },
  {
    method: 'DELETE',
    pattern: /^\/permissionscheme\/\d+\/permission\/(\d+)$/,
    handle: ({ site, params: [id = ''], world }) => {
      if (!site.grants.delete(id)) return NOT_FOUND;
      world.audit('permission.revoke', id);
      return NO_CONTENT;
    },
  },
];

function setProject({ site, world, params: [key = ''] }: SiteCall, verb: string, fields: JsonObject) {
  const before = site.projects.get(key);
  if (before === undefined) return NOT_FOUND;
  const project = { ...before, ...fields };
  if (JSON.stringify(project) === JSON.stringify(before)) return refuse(400, `The project cannot be ${verb}d.`);
  site.projects.set(key, project);
  world.audit(`project.${verb}`, key);
  return verb === 'restore' ? { status: 200, body: project } : NO_CONTENT;
}
