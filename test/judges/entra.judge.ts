import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import entra from '../../connectors/entra/index.ts';
import { SIMULATED_SEAL_KEY } from '../../connectors/entra/simulator/seal-key.ts';
import { SEED } from '../../connectors/entra/simulator/seed.ts';
import { simulateEntra } from '../../connectors/entra/simulator/simulate-entra.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { judgeConnector, loadSdk, type Pair } from './judge-connector.ts';

/** The part of the SDK's request that is used. */
interface Request {
  select(properties: string): Request;
  filter(text: string): Request;
  top(count: number): Request;
  get(): Promise<unknown>;
  post(body: unknown): Promise<unknown>;
  patch(body: unknown): Promise<unknown>;
  delete(): Promise<unknown>;
}
interface Graph {
  api(path: string): Request;
}
interface Context {
  request: string | Request_;
  options?: RequestInit;
  response?: Response;
}
interface Middleware {
  execute(context: Context): Promise<void>;
  setNext?(next: Middleware): void;
}
interface Sdk {
  readonly Client: { initWithMiddleware(options: { middleware: Middleware }): Graph };
  readonly AuthenticationHandler: new (provider: { getAccessToken(): Promise<string> }) => Middleware;
  readonly PageIterator: new (
    client: Graph,
    first: unknown,
    look: (item: { readonly id: string }) => boolean,
  ) => { iterate(): Promise<void> };
  readonly BatchResponseContent: new (
    answer: unknown,
  ) => {
    getResponseById(id: string): Response;
  };
  readonly BatchRequestContent: new (
    steps: readonly { id: string; request: Request_; dependsOn?: string[] }[],
  ) => { getContent(): Promise<JsonObject> };
}
type Request_ = globalThis.Request;

const { Client, AuthenticationHandler, BatchRequestContent, BatchResponseContent, PageIterator } = loadSdk(
  '@microsoft/microsoft-graph-client',
) as Sdk;

/** The SDK gives a token to Graph's own host only, so its requests are turned to the recorder behind its handlers. */
function sdkTo(origin: string, token = 'token'): Graph {
  const authentication = new AuthenticationHandler({ getAccessToken: async () => token });
  authentication.setNext?.({
    async execute(context) {
      const url = String(context.request).replace('https://graph.microsoft.com', origin);
      context.response = await fetch(url, context.options);
    },
  });
  return Client.initWithMiddleware({ middleware: authentication });
}

const { users, groups, applications, servicePrincipals, policies, keys, roles, appRoles, skus, deleted } = SEED;
const userId = users.ada;
const groupId = groups.finance;
const servicePrincipalId = servicePrincipals.payroll;
const USER =
  'id,displayName,userPrincipalName,mail,accountEnabled,userType,givenName,surname,jobTitle,department,companyName,officeLocation,mobilePhone,usageLocation,createdDateTime';
const GROUP = 'id,displayName,description,mailNickname,mail,securityEnabled,mailEnabled,isAssignableToRole,groupTypes';
const page = { body: { value: [] } };
const ROLES = '/roleManagement/directory/roleAssignments';
const POLICIES = '/identity/conditionalAccess/policies';
const APP_ROLES = `/servicePrincipals/${servicePrincipalId}/appRoleAssignments`;
const GRANT = {
  clientId: servicePrincipalId,
  resourceId: servicePrincipals.graph,
  scope: 'Mail.Read',
  consentType: 'Principal',
  principalId: userId,
};
const person = (address: string) => ({ emailAddress: { address } });
const UNKNOWN_PASSWORD = 'The password is one that nobody knows, so no two are the same.';

const pairs: readonly Pair<Graph>[] = [
  {
    operation: 'entra.user.get',
    input: { userId },
    call: (graph) => graph.api(`/users/${userId}`).select(USER).get(),
  },
  {
    operation: 'entra.user.list',
    input: { where: [{ field: 'displayName', is: 'startswith', value: "O'Brien" }], limit: 25 },
    replies: [page],
    call: (graph) => graph.api('/users').select(USER).filter("startswith(displayName,'O''Brien')").top(25).get(),
  },
  {
    operation: 'entra.user.list-memberships',
    input: { userId, limit: 25 },
    replies: [page],
    call: (graph) => graph.api(`/users/${userId}/memberOf`).select('id,displayName').top(25).get(),
  },
  {
    operation: 'entra.user.create',
    input: { displayName: 'Mary', userPrincipalName: 'mary@contoso.example', mailNickname: 'mary' },
    differs: { 'body.passwordProfile.password': UNKNOWN_PASSWORD },
    call: (graph) =>
      graph.api('/users').post({
        displayName: 'Mary',
        userPrincipalName: 'mary@contoso.example',
        mailNickname: 'mary',
        accountEnabled: false,
        passwordProfile: { forceChangePasswordNextSignIn: true, password: 'a password' },
      }),
  },
  {
    operation: 'entra.user.update',
    input: { userId, accountEnabled: false, department: null },
    replies: [{ body: { id: userId } }],
    call: (graph) => graph.api(`/users/${userId}`).patch({ accountEnabled: false, department: null }),
  },
  { operation: 'entra.user.delete', input: { userId }, call: (graph) => graph.api(`/users/${userId}`).delete() },
  {
    operation: 'entra.user.revoke-sessions',
    input: { userId },
    call: (graph) => graph.api(`/users/${userId}/revokeSignInSessions`).post(undefined),
  },
  {
    operation: 'entra.user.reset-password',
    input: { userId },
    differs: { 'body.passwordProfile.password': UNKNOWN_PASSWORD },
    call: (graph) =>
      graph
        .api(`/users/${userId}`)
        .patch({ passwordProfile: { forceChangePasswordNextSignIn: true, password: 'a password' } }),
  },
  {
    operation: 'entra.user.assign-license',
    input: { userId, add: [skus.premium], remove: [skus.basic] },
    call: (graph) =>
      graph.api(`/users/${userId}/assignLicense`).post({
        addLicenses: [{ skuId: skus.premium, disabledPlans: [] }],
        removeLicenses: [skus.basic],
      }),
  },
  {
    operation: 'entra.deleted-item.list',
    input: { kind: 'user', limit: 25 },
    replies: [page],
    call: (graph) => graph.api('/directory/deletedItems/microsoft.graph.user').top(25).get(),
  },
  {
    operation: 'entra.deleted-item.restore',
    input: { objectId: deleted.mallory },
    call: (graph) => graph.api(`/directory/deletedItems/${deleted.mallory}/restore`).post(undefined),
  },
  {
    operation: 'entra.deleted-item.purge',
    input: { objectId: deleted.mallory },
    call: (graph) => graph.api(`/directory/deletedItems/${deleted.mallory}`).delete(),
  },
  {
    operation: 'entra.group.get',
    input: { groupId },
    call: (graph) => graph.api(`/groups/${groupId}`).select(GROUP).get(),
  },
  {
    operation: 'entra.group.list',
    input: { where: [{ field: 'displayName', value: 'Finance' }], limit: 25 },
    replies: [page],
    call: (graph) => graph.api('/groups').select(GROUP).filter("displayName eq 'Finance'").top(25).get(),
  },
  {
    operation: 'entra.group.create',
    input: { displayName: 'Auditors', mailNickname: 'auditors' },
    call: (graph) =>
      graph.api('/groups').post({
        displayName: 'Auditors',
        mailNickname: 'auditors',
        isAssignableToRole: false,
        securityEnabled: true,
        mailEnabled: false,
      }),
  },
  { operation: 'entra.group.delete', input: { groupId }, call: (graph) => graph.api(`/groups/${groupId}`).delete() },
  {
    operation: 'entra.group.list-members',
    input: { groupId, limit: 25 },
    replies: [page],
    call: (graph) => graph.api(`/groups/${groupId}/members`).select('id,displayName,userPrincipalName').top(25).get(),
  },
  {
    operation: 'entra.group.add-member',
    input: { groupId, memberId: userId },
    call: (graph) =>
      graph
        .api(`/groups/${groupId}/members/$ref`)
        .post({ '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${userId}` }),
  },
  {
    operation: 'entra.group.remove-member',
    input: { groupId, memberId: userId },
    call: (graph) => graph.api(`/groups/${groupId}/members/${userId}/$ref`).delete(),
  },
  {
    operation: 'entra.role-assignment.list',
    input: { principalId: userId, limit: 25 },
    replies: [page],
    call: (graph) => graph.api(ROLES).filter(`principalId eq '${userId}'`).top(25).get(),
  },
  {
    operation: 'entra.role-assignment.create',
    input: { principalId: userId, roleDefinitionId: roles.helpdesk },
    call: (graph) =>
      graph.api(ROLES).post({
        '@odata.type': '#microsoft.graph.unifiedRoleAssignment',
        principalId: userId,
        roleDefinitionId: roles.helpdesk,
        directoryScopeId: '/',
      }),
  },
  {
    operation: 'entra.role-assignment.delete',
    input: { roleAssignmentId: SEED.roleAssignments.grace },
    call: (graph) => graph.api(`${ROLES}/${SEED.roleAssignments.grace}`).delete(),
  },
  {
    operation: 'entra.permission-grant.list',
    input: { clientId: servicePrincipalId, limit: 25 },
    replies: [page],
    call: (graph) => graph.api('/oauth2PermissionGrants').filter(`clientId eq '${servicePrincipalId}'`).top(25).get(),
  },
  {
    operation: 'entra.permission-grant.create',
    input: GRANT,
    call: (graph) => graph.api('/oauth2PermissionGrants').post(GRANT),
  },
  {
    operation: 'entra.permission-grant.delete',
    input: { grantId: SEED.grants.payroll },
    call: (graph) => graph.api(`/oauth2PermissionGrants/${SEED.grants.payroll}`).delete(),
  },
  {
    operation: 'entra.app-role.list',
    input: { servicePrincipalId, limit: 25 },
    replies: [page],
    call: (graph) => graph.api(APP_ROLES).top(25).get(),
  },
  {
    operation: 'entra.app-role.assign',
    input: { servicePrincipalId, resourceId: servicePrincipals.graph, appRoleId: appRoles.readAllMail },
    call: (graph) =>
      graph.api(APP_ROLES).post({
        principalId: servicePrincipalId,
        resourceId: servicePrincipals.graph,
        appRoleId: appRoles.readAllMail,
      }),
  },
  {
    operation: 'entra.app-role.unassign',
    input: { servicePrincipalId, assignmentId: SEED.appRoleAssignments.payroll },
    call: (graph) => graph.api(`${APP_ROLES}/${SEED.appRoleAssignments.payroll}`).delete(),
  },
  {
    operation: 'entra.application.get',
    input: { applicationId: applications.payroll },
    call: (graph) =>
      graph.api(`/applications/${applications.payroll}`).select('id,appId,displayName,passwordCredentials').get(),
  },
  {
    operation: 'entra.application.add-password',
    input: { applicationId: applications.payroll, displayName: 'import', endDateTime: '2026-03-01T00:00:00Z' },
    call: (graph) =>
      graph
        .api(`/applications/${applications.payroll}/addPassword`)
        .post({ passwordCredential: { displayName: 'import', endDateTime: '2026-03-01T00:00:00Z' } }),
  },
  {
    operation: 'entra.application.remove-password',
    input: { applicationId: applications.payroll, keyId: keys.old },
    call: (graph) => graph.api(`/applications/${applications.payroll}/removePassword`).post({ keyId: keys.old }),
  },
  {
    operation: 'entra.service-principal.delete',
    input: { servicePrincipalId },
    call: (graph) => graph.api(`/servicePrincipals/${servicePrincipalId}`).delete(),
  },
  {
    operation: 'entra.invitation.create',
    input: { emailAddress: 'eve@fabrikam.example' },
    call: (graph) =>
      graph.api('/invitations').post({
        invitedUserEmailAddress: 'eve@fabrikam.example',
        inviteRedirectUrl: 'https://myapplications.microsoft.com',
        sendInvitationMessage: true,
      }),
  },
  {
    operation: 'entra.conditional-access.list',
    input: { limit: 25 },
    replies: [page],
    call: (graph) => graph.api(POLICIES).top(25).get(),
  },
  {
    operation: 'entra.conditional-access.update',
    input: { policyId: policies.mfa, state: 'disabled' },
    replies: [{ body: { id: policies.mfa, state: 'enabled' } }],
    call: (graph) => graph.api(`${POLICIES}/${policies.mfa}`).patch({ state: 'disabled' }),
  },
  {
    operation: 'entra.conditional-access.delete',
    input: { policyId: policies.mfa },
    call: (graph) => graph.api(`${POLICIES}/${policies.mfa}`).delete(),
  },
  {
    operation: 'entra.mail.send',
    input: { userId, to: ['grace@contoso.example'], subject: 'Lunch', body: 'At twelve?' },
    replies: [{ status: 202 }],
    call: (graph) =>
      graph.api(`/users/${userId}/sendMail`).post({
        message: {
          subject: 'Lunch',
          body: { contentType: 'Text', content: 'At twelve?' },
          toRecipients: [person('grace@contoso.example')],
          ccRecipients: [],
          bccRecipients: [],
          singleValueExtendedProperties: [
            { id: 'String {5a1d7f0c-3b52-4c1e-9a64-1f6b0e7c2d90} Name InterlockAction', value: 'il-0' },
          ],
        },
        saveToSentItems: true,
      }),
  },
  {
    operation: 'entra.risky-user.list',
    input: { riskState: 'atRisk', limit: 25 },
    replies: [page],
    call: (graph) => graph.api('/identityProtection/riskyUsers').filter("riskState eq 'atRisk'").top(25).get(),
  },
  ...(['dismiss', 'confirmCompromised'] as const).map((verb) => ({
    operation: `entra.risky-user.${verb === 'dismiss' ? 'dismiss' : 'confirm-compromised'}`,
    input: { userIds: [userId] },
    call: (graph: Graph) => graph.api(`/identityProtection/riskyUsers/${verb}`).post({ userIds: [userId] }),
  })),
  {
    operation: 'entra.batch.execute',
    input: {
      requests: [
        { id: '1', method: 'PATCH', url: `/users/${userId}`, body: { accountEnabled: false } },
        { id: '2', method: 'POST', url: `/users/${userId}/revokeSignInSessions`, dependsOn: ['1'] },
        { id: '3', method: 'DELETE', url: `/groups/${groupId}/members/${userId}/$ref`, dependsOn: ['2'] },
      ],
    },
    replies: [{ body: { responses: [] } }],
    call: async (graph) => {
      // Of an absolute URL the SDK keeps all behind the host, and Graph wants no version there [doc: json-batching].
      const graphUrl = 'https://graph.microsoft.com';
      const headers = { 'Content-Type': 'application/json' };
      const body = JSON.stringify({ accountEnabled: false });
      const steps = [
        { id: '1', request: new Request(`${graphUrl}/users/${userId}`, { method: 'PATCH', headers, body }) },
        {
          id: '2',
          request: new Request(`${graphUrl}/users/${userId}/revokeSignInSessions`, { method: 'POST' }),
          dependsOn: ['1'],
        },
        {
          id: '3',
          request: new Request(`${graphUrl}/groups/${groupId}/members/${userId}/$ref`, { method: 'DELETE' }),
          dependsOn: ['2'],
        },
      ];
      return graph.api('/$batch').post(await new BatchRequestContent(steps).getContent());
    },
  },
];

/** Tokens come from another server than Graph, as they do in truth. */
const authority = createServer((_incoming, outgoing) => {
  outgoing.writeHead(200, { 'content-type': 'application/json' });
  outgoing.end(JSON.stringify({ token_type: 'Bearer', expires_in: 3_600, access_token: 'token' }));
});
await new Promise<void>((resolve) => authority.listen(0, '127.0.0.1', resolve));
afterAll(() => authority.close());

judgeConnector<Graph>({
  connector: entra,
  settings: (origin) => ({
    origin,
    // A listening TCP server has an address with a port.
    authority: `http://127.0.0.1:${(authority.address() as AddressInfo).port}`,
    tenant: 'contoso.example',
    clientId: 'client',
    clientSecret: 'a client secret',
    sealTo: JSON.stringify(SIMULATED_SEAL_KEY),
  }),
  sdk: (origin) => sdkTo(origin),
  pairs,
});

test('the SDK pages, writes and batches against the simulated tenant, and reads its errors', async () => {
  const simulator = await simulateEntra({ port: 0 });
  const form = { client_id: 'simulated-client', client_secret: 'simulated-client-secret-of-interlock' };
  const granted = await fetch(`${simulator.origin}/contoso.example/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({ ...form, grant_type: 'client_credentials', scope: `${simulator.origin}/.default` }),
  });
  const { access_token: token } = (await granted.json()) as { access_token: string }; // as the simulator answers
  const graph = sdkTo(simulator.origin, token);
  const seen: string[] = [];
  const first = (await graph.api('/users').get()) as JsonObject; // a page
  expect(first['@odata.nextLink']).toBeDefined();
  // The next page goes where the link leads, so the link is turned back to Graph's host.
  const link = String(first['@odata.nextLink']).replace(simulator.origin, 'https://graph.microsoft.com');
  await new PageIterator(graph, { ...first, '@odata.nextLink': link }, ({ id }) => seen.push(id) > 0).iterate();
  expect(seen.toSorted()).toEqual(Object.values(users).toSorted());
  const headers = { 'Content-Type': 'application/json' };
  const body = JSON.stringify({ accountEnabled: false });
  const content = new BatchRequestContent([
    {
      id: 'a',
      request: new Request(`https://graph.microsoft.com/users/${userId}`, { method: 'PATCH', headers, body }),
    },
    { id: 'b', request: new Request('https://graph.microsoft.com/users/nobody', { method: 'DELETE' }) },
  ]);
  const answers = new BatchResponseContent(await graph.api('/$batch').post(await content.getContent()));
  expect([answers.getResponseById('a').status, answers.getResponseById('b').status]).toEqual([204, 404]);
  await expect(graph.api('/users/nobody').get()).rejects.toMatchObject({
    statusCode: 404,
    code: 'Request_ResourceNotFound',
  });
  expect(simulator.audit().map(({ effect }) => effect)).toEqual(['user.update']);
  await simulator.close();
});
