import okta from '../../connectors/okta/index.ts';
import { SEED } from '../../connectors/okta/simulator/seed.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { judgeConnector, loadSdk, type Pair } from './judge-connector.ts';

type Call = (argument: JsonObject) => Promise<unknown>;
type Api = Readonly<Record<string, Call>>;

interface Okta {
  readonly userApi: Api;
  readonly groupApi: Api;
  readonly roleAssignmentApi: Api;
  readonly applicationApi: Api;
  readonly policyApi: Api;
  readonly apiTokenApi: Api;
}

const { Client } = loadSdk('@okta/okta-sdk-nodejs') as { Client: new (options: unknown) => Okta }; // as its README has it
const { users, groups, apps, policies, apiTokens, roles } = SEED;
const userId = users.ada;

const pairs: readonly Pair<Okta>[] = [
  { operation: 'okta.user.get', input: { userId }, call: ({ userApi }) => userApi['getUser']?.({ userId }) },
  {
    operation: 'okta.user.list-groups',
    input: { userId },
    replies: [{ body: [] }],
    call: async ({ userApi }) => {
      // It asks for nothing before somebody looks.
      const groups = (await userApi['listUserGroups']?.({ userId })) as { each(look: () => void): Promise<void> };
      await groups.each(() => undefined);
    },
  },
  {
    operation: 'okta.user.suspend',
    input: { userId },
    at: 0,
    call: ({ userApi }) => userApi['suspendUser']?.({ userId }),
  },
  {
    operation: 'okta.user.unsuspend',
    input: { userId },
    at: 0,
    call: ({ userApi }) => userApi['unsuspendUser']?.({ userId }),
  },
  {
    operation: 'okta.user.reset-factors',
    input: { userId },
    call: ({ userApi }) => userApi['resetFactors']?.({ userId }),
  },
  {
    operation: 'okta.user.clear-sessions',
    input: { userId, oauthTokens: true },
    differs: { 'query.forgetDevices': 'We say outright what the default is.' },
    call: ({ userApi }) => userApi['revokeUserSessions']?.({ userId, oauthTokens: true }),
  },
  {
    operation: 'okta.role.assign',
    input: { userId, type: 'HELP_DESK_ADMIN' },
    differs: { 'query.disableNotifications': 'We say outright what the default is.' },
    call: ({ roleAssignmentApi: api }) =>
      api['assignRoleToUser']?.({ userId, assignRoleRequest: { type: 'HELP_DESK_ADMIN' } }),
  },
  {
    operation: 'okta.role.unassign',
    input: { userId, roleAssignmentId: roles.readOnly },
    call: ({ roleAssignmentApi: api }) =>
      api['unassignRoleFromUser']?.({ userId, roleId: roles.readOnly, roleAssignmentId: roles.readOnly }),
  },
  {
    operation: 'okta.group.get',
    input: { groupId: groups.finance },
    call: ({ groupApi }) => groupApi['getGroup']?.({ groupId: groups.finance }),
  },
  {
    operation: 'okta.group.add-member',
    input: { groupId: groups.finance, userId },
    replies: [{ status: 204 }],
    call: ({ groupApi }) => groupApi['assignUserToGroup']?.({ groupId: groups.finance, userId }),
  },
  {
    operation: 'okta.group.remove-member',
    input: { groupId: groups.finance, userId },
    replies: [{ status: 204 }],
    call: ({ groupApi }) => groupApi['unassignUserFromGroup']?.({ groupId: groups.finance, userId }),
  },
  {
    operation: 'okta.group.delete',
    input: { groupId: groups.finance },
    replies: [{ status: 204 }],
    call: ({ groupApi }) => groupApi['deleteGroup']?.({ groupId: groups.finance }),
  },
  {
    operation: 'okta.app.deactivate',
    input: { appId: Object.values(apps)[0] ?? '' },
    call: ({ applicationApi: api }) => api['deactivateApplication']?.({ appId: Object.values(apps)[0] ?? '' }),
  },
  {
    operation: 'okta.app.delete',
    input: { appId: Object.values(apps)[0] ?? '' },
    replies: [{ status: 204 }],
    call: ({ applicationApi: api }) => api['deleteApplication']?.({ appId: Object.values(apps)[0] ?? '' }),
  },
  {
    operation: 'okta.policy.delete',
    input: { policyId: Object.values(policies)[0] ?? '' },
    replies: [{ status: 204 }],
    call: ({ policyApi: api }) => api['deletePolicy']?.({ policyId: Object.values(policies)[0] ?? '' }),
  },
  {
    operation: 'okta.api-token.revoke',
    input: { apiTokenId: Object.values(apiTokens)[0] ?? '' },
    replies: [{ status: 204 }],
    call: ({ apiTokenApi: api }) => api['revokeApiToken']?.({ apiTokenId: Object.values(apiTokens)[0] ?? '' }),
  },
];

judgeConnector<Okta>({
  connector: okta,
  settings: (origin) => ({ origin, token: 'secret' }),
  sdk: (origin) =>
    new Client({ orgUrl: origin, token: 'secret', testing: { disableHttpsCheck: true }, cacheStore: undefined }),
  pairs,
});
