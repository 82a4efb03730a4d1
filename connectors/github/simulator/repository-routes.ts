import { protectionRoutes } from './protection-routes.ts';
import { NO_CONTENT, NOT_FOUND, type Route, refuse, removal } from './route.ts';
import { SEED } from './seed.ts';

const ROLES: Readonly<Record<string, string>> = { pull: 'read', push: 'write' };

/** The repository itself, who may do what in it, and what runs. */
export const repositoryRoutes: readonly Route[] = [
  { method: 'GET', pattern: /^$/, handle: ({ repository }) => ({ status: 200, body: repository.about }) },
  {
    method: 'PATCH',
    pattern: /^$/,
    handle: ({ github, repository, name, body, world }) => {
      const about = { ...repository.about, ...body };
      if (JSON.stringify(about) !== JSON.stringify(repository.about)) world.audit('repository.update', name);
      github.repositories.set(name, { ...repository, about });
      return { status: 200, body: about };
    },
  },
  {
    method: 'DELETE',
    pattern: /^$/,
    handle: ({ github, name, world }) =>
      removal(github.repositories, name, () => world.audit('repository.delete', name)),
  },
  {
    method: 'POST',
    pattern: /^\/transfer$/,
    handle: ({ github, repository, name, body, world }) => {
      const moved = `${String(body['new_owner'])}/${String(body['new_name'] ?? repository.about['name'])}`;
      github.repositories.delete(name);
      github.repositories.set(moved, { ...repository, about: { ...repository.about, full_name: moved } });
      world.audit('repository.transfer', moved);
      return { status: 202, body: { ...repository.about, full_name: name } };
    },
  },
  {
    method: 'POST',
    pattern: /^\/dispatches$/,
    handle: ({ name, body, world }) => {
      world.audit('repository.dispatch', `${name} ${String(body['event_type'])}`);
      return NO_CONTENT;
    },
  },
  {
    method: 'POST',
    pattern: /^\/actions\/workflows\/([^/]+)\/dispatches$/,
    handle: ({ params: [workflow], world }) => {
      world.audit('workflow.run', String(workflow));
      return NO_CONTENT;
    },
  },
  {
    method: 'GET',
    pattern: /^\/collaborators$/,
    handle: ({ repository }) => ({
      status: 200,
      body: [...repository.collaborators].map(([login, role_name]) => ({ login, role_name })),
    }),
  },
  {
    method: 'GET',
    pattern: /^\/collaborators\/([^/]+)\/permission$/,
    handle: ({ repository, params: [login = ''] }) => ({
      status: 200,
      body: { role_name: repository.collaborators.get(login) ?? 'none' },
    }),
  },
  {
    method: 'GET',
    pattern: /^\/collaborators\/([^/]+)$/,
    handle: ({ repository, params: [login = ''] }) => (repository.collaborators.has(login) ? NO_CONTENT : NOT_FOUND),
  },
  {
    method: 'PUT',
    pattern: /^\/collaborators\/([^/]+)$/,
    handle: ({ repository, params: [login = ''], body, world }) => {
      const permission = String(body['permission'] ?? 'push');
      const role = ROLES[permission] ?? permission;
      if (repository.collaborators.get(login) === role) return NO_CONTENT;
      repository.collaborators.set(login, role);
      world.audit('collaborator.add', login);
      return { status: 201, body: { id: 1 } };
    },
  },
  {
    method: 'DELETE',
    pattern: /^\/collaborators\/([^/]+)$/,
    handle: ({ repository, params: [login = ''], world }) =>
      removal(repository.collaborators, login, () => world.audit('collaborator.remove', login)),
  },
  {
    method: 'GET',
    pattern: /^\/keys$/,
    handle: ({ repository }) => ({ status: 200, body: [...repository.keys.values()] }),
  },
  {
    method: 'GET',
    pattern: /^\/keys\/(\d+)$/,
    handle: ({ repository, params: [id] }) => {
      const key = repository.keys.get(Number(id));
      return key === undefined ? NOT_FOUND : { status: 200, body: key };
    },
  },
  {
    method: 'POST',
    pattern: /^\/keys$/,
    handle: ({ repository, body, world }) => {
      if ([...repository.keys.values()].some(({ key }) => key === body['key']))
        return refuse(422, 'key is already in use');
      const id = SEED.key + repository.keys.size;
      const key = { id, ...body };
      repository.keys.set(id, key);
      world.audit('deploy-key.create', String(id));
      return { status: 201, body: key };
    },
  },
  {
    method: 'DELETE',
    pattern: /^\/keys\/(\d+)$/,
    handle: ({ repository, params: [id], world }) =>
      removal(repository.keys, Number(id), () => world.audit('deploy-key.delete', String(id))),
  },
  {
    method: 'GET',
    pattern: /^\/actions\/secrets\/([^/]+)$/,
    handle: ({ repository, params: [name = ''] }) =>
      repository.secrets.has(name) ? { status: 200, body: { name } } : NOT_FOUND,
  },
  {
    method: 'PUT',
    pattern: /^\/actions\/secrets\/([^/]+)$/,
    handle: ({ repository, params: [name = ''], world }) => {
      const isNew = !repository.secrets.has(name);
      repository.secrets.add(name);
      if (isNew) world.audit('secret.set', name);
      return { status: isNew ? 201 : 204 };
    },
  },
  {
    method: 'DELETE',
    pattern: /^\/actions\/secrets\/([^/]+)$/,
    handle: ({ repository, params: [name = ''], world }) =>
      removal(repository.secrets, name, () => world.audit('secret.delete', name)),
  },
  ...protectionRoutes,
];
