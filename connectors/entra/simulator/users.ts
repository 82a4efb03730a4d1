import type { SimulatorResponse } from '../../../src/connector/simulator/create-simulator.ts';
import { isJsonObject, type Json } from '../../../src/lib/json.ts';
import {
  asEntry,
  badRequest,
  created,
  empty,
  notFound,
  objectOf,
  ok,
  pageOf,
  refuse,
  selected,
  textOf,
} from './replies.ts';
import { type Entry, newGuid, type Route, type TenantCall } from './tenant.ts';

function onUser(handle: (user: Entry, call: TenantCall) => SimulatorResponse): Route['handle'] {
  return (call) => {
    const user = call.tenant.users.get(call.ids[0] ?? '');
    return user === undefined ? notFound(call.ids[0]) : handle(user, call);
  };
}

const REQUIRED = ['displayName', 'mailNickname', 'userPrincipalName'];

const create: Route['handle'] = ({ tenant, body, world }) => {
  const password = textOf(objectOf(body['passwordProfile'])['password']);
  if (REQUIRED.some((name) => textOf(body[name]) === '') || typeof body['accountEnabled'] !== 'boolean')
    return badRequest('A required property is missing.');
  if (password.length < 8)
    return badRequest('The specified password does not comply with password complexity requirements.');
  const name = textOf(body['userPrincipalName']).toLowerCase();
  if ([...tenant.users.values()].some((user) => textOf(user['userPrincipalName']).toLowerCase() === name))
    return badRequest('Another object with the same value for property userPrincipalName already exists.');
  const { passwordProfile: _, ...rest } = body;
  const user: Entry = {
    '@odata.type': '#microsoft.graph.user',
    id: newGuid(world),
    userType: 'Member',
    ...asEntry(rest),
    assignedLicenses: [],
  };
  tenant.users.set(String(user['id']), user);
  world.audit('user.create', String(user['id']));
  return created(user);
};

const update = onUser((user, { body, world }) => {
  if ('passwordProfile' in body) {
    if (textOf(objectOf(body['passwordProfile'])['password']).length < 8)
      return badRequest('The password is too weak.');
    world.audit('user.reset-password', String(user['id']));
    return empty();
  }
  // What is the same already is no change.
  if (Object.entries(body).every(([name, value]) => (user[name] ?? null) === value)) return empty();
  Object.assign(user, body);
  world.audit('user.update', String(user['id']));
  return empty();
});

const remove = onUser((user, { tenant, world }) => {
  const id = String(user['id']);
  tenant.users.delete(id);
  tenant.deleted.set(id, { ...user, deletedDateTime: new Date(world.clock.now()).toISOString() });
  world.audit('user.delete', id);
  return empty();
});

const revoke = onUser((user, { tenant, world }) => {
  const id = String(user['id']);
  // Whoever has no session keeps none: nothing happened.
  if ((tenant.sessions.get(id) ?? 0) > 0) world.audit('user.revoke-sessions', id);
  tenant.sessions.set(id, 0);
  return ok({ '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#Edm.Boolean', value: true });
});

const skuOf = (licence: Json): string => textOf(isJsonObject(licence) ? licence['skuId'] : undefined);
const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

const assignLicense = onUser((user, { body, world }) => {
  const held = list(user['assignedLicenses']).map(skuOf);
  const removed = list(body['removeLicenses']).map(textOf);
  if (removed.some((sku) => !held.includes(sku))) return badRequest('User does not have a corresponding license.');
  const kept = held.filter((sku) => !removed.includes(sku));
  const skus = new Set([...kept, ...list(body['addLicenses']).map(skuOf)]);
  user['assignedLicenses'] = [...skus].map((skuId) => ({ skuId, disabledPlans: [] }));
  world.audit('user.assign-license', String(user['id']));
  return ok(user);
});

const sendMail = onUser((user, { tenant, body, world }) => {
  const message = objectOf(body['message']);
  if (list(message['toRecipients']).length === 0)
    return refuse(400, 'ErrorInvalidRecipients', 'At least one recipient is not valid.');
  tenant.mails.push({ userId: String(user['id']), message });
  world.audit('mail.send', String(user['id']));
  return { status: 202 };
});

const messages = onUser((user, call) =>
  pageOf(
    call.tenant.mails
      .filter(({ userId }) => userId === user['id'])
      .map(({ message }, index) => ({ id: `message-${index}`, ...message })),
    call,
  ),
);

const memberOf = onUser((user, call) => {
  const { groups, members } = call.tenant;
  const id = String(user['id']);
  return pageOf(
    [...groups.values()].filter((group) => members.get(String(group['id']))?.has(id)),
    call,
  );
});

/** Assignments to the user and to the user's groups; the template of a built-in role has the role's own id [mem]. */
const directoryRoles = onUser((user, call) => {
  const { members, roleAssignments } = call.tenant;
  const id = String(user['id']);
  const holders = new Set([id, ...[...members].flatMap(([group, ids]) => (ids.has(id) ? [group] : []))]);
  return pageOf(
    [...roleAssignments.values()]
      .filter(({ principalId }) => holders.has(textOf(principalId)))
      .map(({ id: assignment = '', roleDefinitionId = '' }) => ({ id: assignment, roleTemplateId: roleDefinitionId })),
    call,
  );
});

/** All have a password, and those who are enabled a key. */
const methods = onUser((user, call) =>
  pageOf(
    ['password', ...(user['accountEnabled'] === true ? ['fido2'] : [])].map((kind) => ({
      '@odata.type': `#microsoft.graph.${kind}AuthenticationMethod`,
      id: kind,
    })),
    call,
  ),
);

/** A guest, as an accepted invitation makes one. */
const invite: Route['handle'] = ({ tenant, body, world }) => {
  const mail = textOf(body['invitedUserEmailAddress']);
  if (mail === '' || textOf(body['inviteRedirectUrl']) === '') return badRequest('A required property is missing.');
  const id = newGuid(world);
  tenant.users.set(id, {
    '@odata.type': '#microsoft.graph.user',
    id,
    displayName: textOf(body['invitedUserDisplayName']) || mail,
    mail,
    userPrincipalName: `${mail.replace('@', '_')}#EXT#@contoso.example`,
    userType: 'Guest',
    accountEnabled: true,
    assignedLicenses: [],
  });
  world.audit('invitation.create', mail);
  return created({
    id: newGuid(world),
    status: 'PendingAcceptance',
    inviteRedeemUrl: 'https://login.microsoftonline.com/redeem?rd=simulated',
    invitedUser: { id },
  });
};

export const userRoutes: readonly Route[] = [
  { method: 'GET', path: '/users', handle: (call) => pageOf(call.tenant.users.values(), call) },
  { method: 'POST', path: '/users', handle: create },
  { method: 'GET', path: '/users/{}', handle: onUser((user, { query }) => ok(selected(user, query))) },
  { method: 'PATCH', path: '/users/{}', handle: update },
  { method: 'DELETE', path: '/users/{}', handle: remove },
  { method: 'POST', path: '/users/{}/revokeSignInSessions', handle: revoke },
  { method: 'POST', path: '/users/{}/assignLicense', handle: assignLicense },
  { method: 'POST', path: '/users/{}/sendMail', handle: sendMail },
  { method: 'GET', path: '/users/{}/messages', handle: messages },
  { method: 'GET', path: '/users/{}/memberOf', handle: memberOf },
  { method: 'GET', path: '/users/{}/transitiveMemberOf/microsoft.graph.directoryRole', handle: directoryRoles },
  { method: 'GET', path: '/users/{}/authentication/methods', handle: methods },
  { method: 'POST', path: '/invitations', handle: invite },
];
