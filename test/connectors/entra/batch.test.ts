import { describe, expect, test } from 'vitest';
import { INNER } from '../../../connectors/entra/index.ts';
import { checkOrder, findInner, innerRequest } from '../../../connectors/entra/inner-request.ts';
import { SEED } from '../../../connectors/entra/simulator/seed.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { openWorld } from './entra-world.ts';

const { users, groups, roles } = SEED;
const USER = `/users/${users.ada}`;
const MEMBERS = `/groups/${groups.finance}/members`;
const REFERENCE = `https://graph.microsoft.com/v1.0/directoryObjects/${users.ada}`;

const find = (request: JsonObject) => findInner(innerRequest.parse({ id: '1', ...request }), INNER);

describe('a request inside a batch', () => {
  test.each([
    ['GET', USER, undefined, 'entra.user.get'],
    ['PATCH', USER, { accountEnabled: true }, 'entra.user.update'],
    ['DELETE', USER, undefined, 'entra.user.delete'],
    ['POST', `${MEMBERS}/$ref`, { '@odata.id': REFERENCE }, 'entra.group.add-member'],
    ['DELETE', `${MEMBERS}/${users.alan}/$ref`, undefined, 'entra.group.remove-member'],
    ['DELETE', `/directory/deletedItems/${users.ada}`, undefined, 'entra.deleted-item.purge'],
    ['POST', '/identityProtection/riskyUsers/dismiss', { userIds: [users.ada] }, 'entra.risky-user.dismiss'],
    [
      'POST',
      '/roleManagement/directory/roleAssignments',
      { principalId: users.ada, roleDefinitionId: roles.globalAdministrator, directoryScopeId: '/' },
      'entra.role-assignment.create',
    ],
  ])('%s %s is %s', (method, url, body, operation) => {
    const found = find({ method, url, ...(body === undefined ? {} : { body }) });
    expect(found.inner.operation.name).toBe(operation);
    expect(found.inner.operation.input.safeParse(found.input).success).toBe(true);
  });

  test.each([
    ['that deletes the member itself, because /$ref is missing', 'DELETE', `${MEMBERS}/${users.alan}`, undefined],
    ['to another host', 'DELETE', `https://elsewhere.example${USER}`, undefined],
    ['to another host without a scheme', 'DELETE', `//elsewhere.example${USER}`, undefined],
    ['with a dot segment', 'DELETE', `/groups/../users/${users.ada}`, undefined],
    ['with an escape', 'DELETE', `/users/%61${users.ada.slice(1)}`, undefined],
    ['with a query', 'GET', `${USER}?$expand=memberOf`, undefined],
    ['with a key in parentheses', 'DELETE', `/users('${users.ada}')`, undefined],
    ['to the beta version', 'DELETE', `/beta${USER}`, undefined],
    ['that is a batch itself', 'POST', '/$batch', { requests: [] }],
    ['that makes a secret', 'POST', `/applications/${users.ada}/addPassword`, { passwordCredential: {} }],
    ['that sends mail', 'POST', `${USER}/sendMail`, { message: {} }],
    ['with a body where there is none', 'DELETE', USER, { force: true }],
    [
      'with a reference to another host',
      'POST',
      `${MEMBERS}/$ref`,
      { '@odata.id': 'https://elsewhere.example/v1.0/users/x' },
    ],
    [
      'with a second reference',
      'POST',
      `${MEMBERS}/$ref`,
      { '@odata.id': REFERENCE, 'members@odata.bind': [REFERENCE] },
    ],
    ['that nobody declared', 'PATCH', `/groups/${groups.finance}`, { 'members@odata.bind': [REFERENCE] }],
  ])('%s is none', (_what, method, url, body) => {
    expect(() => find({ method, url, ...(body === undefined ? {} : { body }) })).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
  });

  test('with a field that its operation does not know is refused with the whole', async () => {
    const world = await openWorld();
    const body = { accountEnabled: false, passwordProfile: { password: 'known to me 1!' } };
    const definition = world.operation('entra.batch.execute');
    const effect = () =>
      definition.kind === 'write' && definition.effect({ requests: [{ id: '1', method: 'PATCH', url: USER, body }] });
    expect(effect).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
    await world.close();
  });

  test.each(['headers', 'httpMethod', 'atomicityGroup'])('has no %s of its own', (field) => {
    expect(innerRequest.safeParse({ id: '1', method: 'GET', url: USER, [field]: {} }).success).toBe(false);
  });
});

describe('the order of a batch', () => {
  const at = (id: string, dependsOn?: string) =>
    innerRequest.parse({
      id,
      method: 'GET',
      url: USER,
      ...(dependsOn === undefined ? {} : { dependsOn: [dependsOn] }),
    });
  test.each([
    ['all at once', [at('1'), at('2')], true],
    ['each after the one before', [at('1'), at('2', '1'), at('3', '2')], true],
    ['something between', [at('1'), at('2', '1'), at('3')], false],
    ['a fan', [at('1'), at('2', '1'), at('3', '1')], false],
    ['a circle', [at('1', '2'), at('2', '1')], false],
    ['ids that differ in case only', [at('a'), at('A')], false],
  ])('%s: %s', (_what, requests, isGood) => {
    const check = () => checkOrder(requests);
    if (isGood) expect(check).not.toThrow();
    else expect(check).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});

test('each part is told what came of it; one that depends on a failure fails, and the others go on', async () => {
  const world = await openWorld();
  const nobody = '/users/aaaa0000-0000-4000-8000-000000000099';
  const requests = [
    { id: 'a', method: 'PATCH', url: USER, body: { accountEnabled: false } },
    { id: 'b', method: 'DELETE', url: nobody, dependsOn: ['a'] },
    { id: 'c', method: 'DELETE', url: `/groups/${groups.finance}`, dependsOn: ['b'] },
  ];
  expect(await world.run('entra.batch.execute', { requests })).toMatchObject({
    result: {
      parts: [
        { id: 'a', status: 'succeeded' },
        { id: 'b', status: 'failed', detail: expect.stringContaining('Request_ResourceNotFound') },
        { id: 'c', status: 'failed', detail: expect.stringContaining('FailedDependency') },
      ],
    },
  });
  expect(world.effects()).toEqual([`user.update ${users.ada}`]);
  await world.close();
});

test('a part answers what its own operation would, and nothing else', async () => {
  const world = await openWorld();
  const answer = await world.run('entra.batch.execute', { requests: [{ id: '1', method: 'GET', url: USER }] });
  const single = await world.run('entra.user.get', { userId: users.ada });
  expect(answer).toMatchObject({ result: { parts: [{ result: single.status === 'succeeded' ? single.result : 0 }] } });
  expect(JSON.stringify(answer)).not.toContain('assignedLicenses');
  await world.close();
});

test('a part that the answer leaves out is unknown', async () => {
  const world = await openWorld();
  const definition = world.operation('entra.batch.execute');
  const requests = ['1', '2'].map((id) => ({ id, method: 'GET', url: USER }));
  const outcomes =
    definition.kind === 'write' &&
    definition.batch?.outcomes({ parts: [{ id: '2', status: 'succeeded' }] }, { requests });
  expect(outcomes).toMatchObject([{ status: 'unknown' }, { status: 'succeeded' }]);
  await world.close();
});
