import { onTestFinished } from 'vitest';
import ldap from '../../../connectors/ldap/index.ts';
import { simulateLdap } from '../../../connectors/ldap/simulator/simulate-ldap.ts';
import { openWorld, type World } from '../../../src/connector/conformance/world.ts';
import type { Simulate } from '../../../src/connector/contract.ts';
import { type Clock, systemClock } from '../../../src/lib/clock.ts';
import type { JsonObject } from '../../../src/lib/json.ts';

interface Options {
  /** A real directory; default: the simulated one. */
  readonly simulate?: Simulate | undefined;
  /** In the place of some of its settings. */
  readonly settings?: JsonObject | undefined;
  readonly clock?: Clock | undefined;
}

/** The connector on a directory of this test's own, every message between them in sight. */
export async function ldapWorld({
  simulate = simulateLdap,
  settings = {},
  clock = systemClock,
}: Options = {}): Promise<World> {
  const changed: Simulate = async (options) => {
    const simulator = await simulate(options);
    return { ...simulator, settings: { ...simulator.settings, ...settings } };
  };
  const world = await openWorld({ ...ldap, simulate: changed }, { baseDirectory: import.meta.dirname, clock });
  onTestFinished(() => world.close());
  return world;
}

/** What was asked of the directory, without who asked. */
export const asked = ({ wire }: World): readonly string[] =>
  wire.calls.filter(({ isSignIn }) => !isSignIn).map(({ method, target }) => `${method} ${decodeURIComponent(target)}`);
