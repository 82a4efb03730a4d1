import { NOT_FOUND, type Route, removal } from './route.ts';
import { protectionOf } from './seed.ts';

const PROTECTION = /^\/branches\/([^/]+)\/protection$/;

export const protectionRoutes: readonly Route[] = [
  {
    method: 'GET',
    pattern: PROTECTION,
    handle: ({ repository, params: [branch = ''] }) => {
      const found = repository.protections.get(branch);
      return found === undefined ? NOT_FOUND : { status: 200, body: found };
    },
  },
  {
    method: 'PUT',
    pattern: PROTECTION,
    handle: ({ repository, params: [branch = ''], body, world }) => {
      const protection = protectionOf(body);
      const before = repository.protections.get(branch);
      if (JSON.stringify(before) !== JSON.stringify(protection)) world.audit('branch-protection.set', branch);
      repository.protections.set(branch, protection);
      return { status: 200, body: protection };
    },
  },
  {
    method: 'DELETE',
    pattern: PROTECTION,
    handle: ({ repository, params: [branch = ''], world }) =>
      removal(repository.protections, branch, () => world.audit('branch-protection.remove', branch)),
  },
];
