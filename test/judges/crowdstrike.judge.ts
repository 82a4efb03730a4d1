import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import crowdstrike from '../../connectors/crowdstrike/index.ts';
import { SEED } from '../../connectors/crowdstrike/simulator/seed.ts';
import { simulateCrowdstrike } from '../../connectors/crowdstrike/simulator/simulate-crowdstrike.ts';
import type { Simulator } from '../../src/connector/contract.ts';
import { judgeConnector, loadSdk, type Pair } from './judge-connector.ts';
import type { Recorded } from './recorder.ts';

type Api = Readonly<Record<string, (...values: readonly unknown[]) => Promise<unknown>>>;
type Named =
  | 'HostsApi'
  | 'RealTimeResponseApi'
  | 'RealTimeResponseAdminApi'
  | 'SensorUpdatePoliciesApi'
  | 'UserManagementApi'
  | 'PreventionPoliciesApi'
  | 'IocApi'
  | 'QuarantineApi'
  | 'AlertsApi'
  | 'IncidentsApi'
  | 'WorkflowsApi';
type Sdk = Readonly<Record<Named, new (configuration: unknown) => Api>> & {
  readonly Configuration: new (options: unknown) => unknown;
};

const sdk = loadSdk('crowdstrike-falcon') as Sdk; // what its own types say, as far as it is used
const { cid, devices, users, policies, indicators, files, alerts, session, batch, command, workflow, incidents } = SEED;
const ids = [devices.laptop, devices.server];

type Falcon = (name: Named) => Api;
const falconAt =
  (origin: string, accessToken = 'token'): Falcon =>
  (name) =>
    new sdk[name](new sdk.Configuration({ basePath: origin, accessToken: `Bearer ${accessToken}` }));

/** The result of a query, for the second step. */
const found = (id: string) => [{ body: { meta: {}, errors: [], resources: [id] } }];
const nothing = [{ body: { meta: {}, errors: [], resources: [] } }];

/** The first step of each search, and the arguments that its SDK method has before the limit. */
const LISTS = [
  ['crowdstrike.user.search', 'UserManagementApi', 'queryUserV1', [undefined, 0]],
  ['crowdstrike.prevention-policy.search', 'PreventionPoliciesApi', 'queryCombinedPreventionPolicies', [undefined, 0]],
  ['crowdstrike.indicator.search', 'IocApi', 'indicatorCombinedV1', [undefined, undefined]],
  ['crowdstrike.quarantine.search', 'QuarantineApi', 'queryQuarantineFiles', ['0']],
  ['crowdstrike.alert.search', 'AlertsApi', 'queryV2', [undefined, 0]],
] as const;

const pairs: readonly Pair<Falcon>[] = [
  {
    operation: 'crowdstrike.device.search',
    input: { where: [{ field: 'status', value: 'normal' }], limit: 10 },
    at: 0,
    replies: found(devices.laptop),
    call: (falcon) => falcon('HostsApi')['queryDevicesByFilterScroll']?.(undefined, 10, undefined, "status:'normal'"),
  },
  {
    operation: 'crowdstrike.device.get',
    input: { ids },
    call: (falcon) => falcon('HostsApi')['postDeviceDetailsV2']?.({ ids }),
  },
  ...['contain', 'lift_containment', 'hide_host', 'unhide_host'].map((action) => ({
    operation: 'crowdstrike.device.act',
    input: { action, ids },
    call: (falcon: Falcon) => falcon('HostsApi')['performActionV2']?.(action, { ids }),
  })),
  {
    operation: 'crowdstrike.session.open',
    input: { deviceId: devices.laptop },
    call: (falcon) =>
      falcon('RealTimeResponseApi')['rTRInitSession']?.({
        deviceId: devices.laptop,
        origin: 'interlock',
        queueOffline: false,
      }),
  },
  {
    operation: 'crowdstrike.session.close',
    input: { sessionId: session },
    call: (falcon) => falcon('RealTimeResponseApi')['rTRDeleteSession']?.(session),
  },
  {
    operation: 'crowdstrike.session.run',
    input: { sessionId: session, command: 'ls', commandLine: 'ls C:\\' },
    // The SDK's type has more members; the ones that are not set are not sent.
    call: (falcon) =>
      falcon('RealTimeResponseAdminApi')['rTRExecuteAdminCommand']?.({
        baseCommand: 'ls',
        commandString: 'ls C:\\',
        sessionId: session,
      }),
  },
  {
    operation: 'crowdstrike.session.read-output',
    input: { cloudRequestId: command },
    call: (falcon) => falcon('RealTimeResponseAdminApi')['rTRCheckAdminCommandStatus']?.(command, 0),
  },
  {
    operation: 'crowdstrike.batch.open',
    input: { hostIds: ids },
    call: (falcon) => falcon('RealTimeResponseApi')['batchInitSessions']?.({ hostIds: ids, queueOffline: false }),
  },
  {
    operation: 'crowdstrike.batch.run',
    input: { batchId: batch, hostIds: ids, command: 'ps', commandLine: 'ps' },
    call: (falcon) =>
      falcon('RealTimeResponseAdminApi')['batchAdminCmd']?.({
        baseCommand: 'ps',
        batchId: batch,
        commandString: 'ps',
        optionalHosts: ids,
      }),
  },
  {
    operation: 'crowdstrike.uninstall-token.reveal',
    input: { deviceId: 'MAINTENANCE', auditMessage: 'Repair' },
    call: (falcon) =>
      falcon('SensorUpdatePoliciesApi')['revealUninstallToken']?.({ auditMessage: 'Repair', deviceId: 'MAINTENANCE' }),
  },
  {
    operation: 'crowdstrike.user.create',
    input: { uid: 'mary@example.com', firstName: 'Mary', lastName: 'Jackson', cid, validateOnly: true },
    call: (falcon) =>
      falcon('UserManagementApi')['createUserV1']?.(
        { uid: 'mary@example.com', firstName: 'Mary', lastName: 'Jackson', cid },
        true,
      ),
  },
  {
    operation: 'crowdstrike.user.get',
    input: { userUuid: users.ada },
    call: (falcon) => falcon('UserManagementApi')['retrieveUsersGETV1']?.({ ids: [users.ada] }),
  },
  {
    operation: 'crowdstrike.user.delete',
    input: { userUuid: users.ada },
    call: (falcon) => falcon('UserManagementApi')['deleteUserV1']?.(users.ada),
  },
  {
    operation: 'crowdstrike.user.list-roles',
    input: { userUuid: users.ada, cid },
    call: (falcon) =>
      falcon('UserManagementApi')['combinedUserRolesV2']?.(users.ada, cid, true, undefined, undefined, 500),
  },
  {
    operation: 'crowdstrike.role.revoke',
    input: { userUuid: users.ada, cid, roleIds: ['falcon_administrator'] },
    replies: [{ body: { meta: {}, errors: [], resources: [{ role_id: 'falcon_administrator' }] } }],
    call: (falcon) =>
      falcon('UserManagementApi')['userRolesActionV1']?.({
        action: 'revoke',
        cid,
        roleIds: ['falcon_administrator'],
        uuid: users.ada,
      }),
  },
  {
    operation: 'crowdstrike.role.grant',
    input: { userUuid: users.ada, cid, roleIds: ['falcon_administrator'] },
    replies: [{ body: { meta: {}, errors: [], resources: [] } }],
    call: (falcon) =>
      falcon('UserManagementApi')['userRolesActionV1']?.({
        action: 'grant',
        cid,
        roleIds: ['falcon_administrator'],
        uuid: users.ada,
      }),
  },
  ...['enable', 'disable'].map((action) => ({
    operation: `crowdstrike.prevention-policy.${action}`,
    input: { policyId: policies.windows },
    call: (falcon: Falcon) =>
      falcon('PreventionPoliciesApi')['performPreventionPoliciesAction']?.(action, { ids: [policies.windows] }),
  })),
  {
    operation: 'crowdstrike.prevention-policy.delete',
    input: { policyId: policies.windows },
    call: (falcon) => falcon('PreventionPoliciesApi')['deletePreventionPolicies']?.([policies.windows]),
  },
  {
    operation: 'crowdstrike.indicator.create',
    differs: { 'body.indicators': 'The members of an indicator are the same, in another order.' },
    input: { type: 'domain', value: 'bad.example', action: 'allow', platforms: ['linux'], appliedGlobally: true },
    call: (falcon) =>
      falcon('IocApi')['indicatorCreateV1']?.({
        indicators: [
          { type: 'domain', value: 'bad.example', action: 'allow', platforms: ['linux'], appliedGlobally: true },
        ],
      }),
  },
  {
    operation: 'crowdstrike.indicator.delete',
    input: { indicatorId: indicators.hash, comment: 'old' },
    call: (falcon) => falcon('IocApi')['indicatorDeleteV1']?.(undefined, [indicators.hash], 'old'),
  },
  {
    operation: 'crowdstrike.indicator.delete-matching',
    input: { where: [{ field: 'type', value: 'domain' }] },
    call: (falcon) => falcon('IocApi')['indicatorDeleteV1']?.("type:'domain'"),
  },
  {
    operation: 'crowdstrike.quarantine.act',
    input: { action: 'release', ids: [files.held], comment: 'fine' },
    call: (falcon) =>
      falcon('QuarantineApi')['updateQuarantinedDetectsByIds']?.({
        action: 'release',
        comment: 'fine',
        ids: [files.held],
      }),
  },
  {
    operation: 'crowdstrike.alert.update',
    input: { ids: [alerts.open], change: { status: 'closed' } },
    call: (falcon) =>
      falcon('AlertsApi')['updateV3']?.({
        actionParameters: [{ name: 'update_status', value: 'closed' }],
        compositeIds: [alerts.open],
      }),
  },
  {
    operation: 'crowdstrike.incident.search',
    input: { limit: 1 },
    replies: found(incidents.first),
    call: (falcon) => falcon('IncidentsApi')['getIncidents']?.({ ids: [incidents.first] }),
  },
  ...LISTS.map(([operation, api, method, firsts]) => ({
    operation,
    input: { limit: 10 },
    replies: nothing,
    call: (falcon: Falcon) => falcon(api)[method]?.(...firsts, 10),
  })),
  {
    operation: 'crowdstrike.workflow.execute',
    input: { workflowId: workflow, parameters: { host: 'a' } },
    call: (falcon) => falcon('WorkflowsApi')['execute']?.({ host: 'a' }, undefined, [workflow], undefined, 'il-0'),
  },
];

judgeConnector<Falcon>({
  connector: crowdstrike,
  settings: (origin) => ({ origin, clientId: 'id', clientSecret: 'secret' }),
  sdk: (origin) => falconAt(origin),
  isToken: ({ path }: Recorded) => path === '/oauth2/token',
  // The recorder answers all alike: also who asks for a token.
  pairs: pairs.map(({ replies = [{ body: {} }], ...pair }) => ({
    ...pair,
    replies: replies.map(({ body }) => ({ body: { ...Object(body), access_token: 'token', expires_in: 1_799 } })),
  })),
});

describe('the SDK works against the simulator', () => {
  let simulator: Simulator;
  let falcon: Falcon;
  beforeAll(async () => {
    simulator = await simulateCrowdstrike({ port: 0 });
    const form = new URLSearchParams({
      client_id: String(simulator.settings['clientId']),
      client_secret: String(simulator.settings['clientSecret']),
      grant_type: 'client_credentials',
    });
    const answer = await fetch(`${simulator.origin}/oauth2/token`, { method: 'POST', body: form });
    expect(answer.status).toBe(201);
    const { access_token: token } = (await answer.json()) as { readonly access_token: string }; // RFC 6749 §5.1
    falcon = falconAt(simulator.origin, token);
  });
  afterAll(() => simulator.close());

  test('it contains a host and reads that it is contained', async () => {
    await falcon('HostsApi')['performActionV2']?.('contain', { ids: [devices.laptop] });
    const details = await falcon('HostsApi')['postDeviceDetailsV2']?.({ ids: [devices.laptop] });
    expect(details).toMatchObject({ resources: [{ deviceId: devices.laptop, status: 'contained' }] });
    expect(simulator.audit().map(({ effect }) => effect)).toEqual(['device.contain']);
  });

  test('it pages through hosts, reads roles, and is refused what does not exist', async () => {
    expect(await falcon('HostsApi')['queryDevicesByFilterScroll']?.(undefined, 2)).toMatchObject({
      resources: [devices.laptop, devices.server],
    });
    expect(await falcon('UserManagementApi')['combinedUserRolesV2']?.(users.grace)).toMatchObject({
      resources: [{ roleId: 'falcon_administrator' }],
    });
    await expect(falcon('UserManagementApi')['deleteUserV1']?.(session)).rejects.toThrow();
  });
});
