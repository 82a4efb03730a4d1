import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SEED } from '../../../connectors/crowdstrike/simulator/seed.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { type FalconWorld, openWorld } from './falcon-world.ts';

const { devices, users, policies, indicators, alerts, cid } = SEED;
let world: FalconWorld;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const CONTAIN = { action: 'contain', ids: [devices.laptop, devices.server] };
const MARY = { uid: 'mary@example.com', firstName: 'Mary', lastName: 'Jackson' };

describe('a read-back says what it saw, and nothing else', () => {
  test.each<readonly [string, string, JsonObject, string]>([
    ['none of the hosts', 'device.act', CONTAIN, 'not-applied'],
    ['all of the hosts', 'device.act', { ...CONTAIN, ids: [devices.contained] }, 'applied'],
    ['some of the hosts', 'device.act', { ...CONTAIN, ids: [devices.laptop, devices.contained] }, 'undetermined'],
    [
      'fewer hosts than were meant',
      'device.act',
      { ...CONTAIN, ids: [devices.contained, 'f'.repeat(32)] },
      'undetermined',
    ],
    ['nobody of that name', 'user.create', MARY, 'not-applied'],
    ['somebody else with that address', 'user.create', { ...MARY, uid: 'ada@example.com' }, 'undetermined'],
    ['a user that is there', 'user.delete', { userUuid: users.ada }, 'not-applied'],
    [
      'one role of two',
      'role.grant',
      { userUuid: users.ada, cid, roleIds: ['falcon_console_guest', 'x_role'] },
      'undetermined',
    ],
    ['a policy that is on', 'prevention-policy.disable', { policyId: policies.windows }, 'not-applied'],
    ['a policy that is not there', 'prevention-policy.disable', { policyId: 'f'.repeat(32) }, 'undetermined'],
    ['an indicator that is there', 'indicator.delete', { indicatorId: indicators.hash }, 'not-applied'],
    [
      'no indicator that fits',
      'indicator.delete-matching',
      { where: [{ field: 'type', value: 'ipv4' }] },
      'undetermined',
    ],
    [
      'an alert of which a comment was wanted',
      'alert.update',
      { ids: [alerts.open], change: { comment: 'x' } },
      'undetermined',
    ],
  ])('%s (%s)', async (_what, operation, input, expected) => {
    expect(await world.probe(operation, input)).toMatchObject({ status: expected });
  });

  test.each([401, 403, 404, 500])('an answer of %d learns nothing', async (answer) => {
    world.simulator.fail({ when: 'before', answer, times: 9, call: 'POST /devices' });
    expect(await world.probe('device.act', CONTAIN)).toMatchObject({ status: 'undetermined' });
  });
});

test('taking a containment back names only the hosts that were contained', async () => {
  const missing = 'f'.repeat(32);
  const result = { done: [devices.laptop], refused: [{ id: missing, message: '' }] };
  expect(world.undo('device.act', { action: 'contain', ids: [devices.laptop, missing] }, result)).toEqual({
    operation: 'crowdstrike.device.act',
    input: { action: 'lift_containment', ids: [devices.laptop] },
  });
});
