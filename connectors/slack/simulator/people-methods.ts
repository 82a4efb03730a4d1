import type { JsonObject } from '../../../src/lib/json.ts';
import { type Method, pageOf } from './methods.ts';

export const peopleMethods: Readonly<Record<string, Method>> = {
  'auth.test': () => ({}),
  'users.info': ({ slack, arg }) => {
    const user = slack.users.get(arg('user'));
    return user === undefined ? 'user_not_found' : { user };
  },
  'users.list': (call) => pageOf([...call.slack.users.values()], 'members', call),
  'admin.users.remove': administering('user.remove', { deleted: true }),
  'admin.users.setAdmin': administering('user.set-admin', { is_admin: true }),
  'admin.users.setOwner': administering('user.set-owner', { is_owner: true }),
  'admin.users.session.reset': ({ slack, world, arg }) => {
    if (!slack.users.has(arg('user_id'))) return 'user_not_found';
    if (!slack.signedOut.has(arg('user_id'))) world.audit('user.reset-sessions', arg('user_id'));
    slack.signedOut.add(arg('user_id'));
    return {};
  },
  'usergroups.users.list': ({ slack, arg }) => {
    const users = slack.usergroups.get(arg('usergroup'));
    return users === undefined ? 'no_such_subteam' : { users: [...users] };
  },
  'usergroups.users.update': ({ slack, world, arg }) => {
    const before = slack.usergroups.get(arg('usergroup'));
    if (before === undefined) return 'no_such_subteam';
    const users = arg('users').split(',');
    if (before.join() !== users.join()) world.audit('usergroup.set-members', arg('usergroup'));
    slack.usergroups.set(arg('usergroup'), users);
    return { usergroup: { id: arg('usergroup') } };
  },
  'files.info': ({ slack, arg }) => (slack.files.has(arg('file')) ? { file: { id: arg('file') } } : 'file_deleted'),
  'files.delete': ({ slack, world, arg }) => {
    if (!slack.files.delete(arg('file'))) return 'file_deleted';
    world.audit('file.delete', arg('file'));
    return {};
  },
};

function administering(effect: string, change: JsonObject): Method {
  return ({ slack, world, arg }) => {
    const user = slack.users.get(arg('user_id'));
    if (user === undefined) return 'user_not_found';
    const changed = { ...user, ...change };
    if (JSON.stringify(changed) !== JSON.stringify(user)) world.audit(effect, arg('user_id'));
    slack.users.set(arg('user_id'), changed);
    return {};
  };
}
