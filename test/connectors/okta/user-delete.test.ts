import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SEED } from '../../../connectors/okta/simulator/seed.ts';
import type { SimulatorFault } from '../../../src/connector/contract.ts';
import { openWorld } from './okta-world.ts';

const inputOf = (userId: string) => ({ userId, expectedStatus: 'DEPROVISIONED' });

const fault = fc.record({
  when: fc.constantFrom('before' as const, 'after' as const),
  answer: fc.constantFrom('reset' as const, 429, 500, 503),
  call: fc.constantFrom('GET', 'DELETE'),
}) satisfies fc.Arbitrary<SimulatorFault>;

describe('okta.user.delete never does more, or other, than it says', () => {
  test('whoever is not deactivated is neither deactivated nor deleted, whatever fails and however often it is tried', async () => {
    const notDeactivated = Object.entries(SEED.users).filter(([name]) => name !== 'barbara');
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...notDeactivated),
        fc.array(fault, { maxLength: 3 }),
        fc.integer({ min: 1, max: 3 }),
        async ([, userId], faults, attempts) => {
          const world = await openWorld();
          try {
            for (const one of faults) world.simulator.fail(one);
            for (let i = 0; i < attempts; i++) {
              expect(await world.run('okta.user.delete', inputOf(userId))).toMatchObject({ status: 'failed' });
            }
            expect(world.effects()).toEqual([]);
            expect(world.calls.filter(({ method }) => method !== 'GET')).toEqual([]);
          } finally {
            await world.close();
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('a deactivated user is deleted at most once, and the read-back agrees with the audit log', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { maxLength: 3 }), fc.integer({ min: 1, max: 3 }), async (faults, attempts) => {
        const world = await openWorld();
        const userId = SEED.users.barbara;
        try {
          for (const one of faults) world.simulator.fail(one);
          for (let i = 0; i < attempts; i++) await world.run('okta.user.delete', inputOf(userId));
          const deleted = world.effects().length > 0;
          expect(world.effects()).toEqual(deleted ? [`user.delete ${userId}`] : []);
          const probe = await world.probe('okta.user.delete', inputOf(userId));
          if (probe.status !== 'undetermined') expect(probe.status).toBe(deleted ? 'applied' : 'not-applied');
        } finally {
          await world.close();
        }
      }),
      { numRuns: 40 },
    );
  });

  test('the vendor’s own trap is real: its delete, sent twice, deactivates and then deletes', async () => {
    const world = await openWorld();
    const url = `${world.simulator.origin}/api/v1/users/${SEED.users.ada}`;
    const headers = { authorization: `SSWS ${String(world.simulator.settings['token'])}` };
    try {
      await fetch(url, { method: 'DELETE', headers });
      await fetch(url, { method: 'DELETE', headers });
      expect(world.effects()).toEqual([`user.deactivate ${SEED.users.ada}`, `user.delete ${SEED.users.ada}`]);
    } finally {
      await world.close();
    }
  });
});
