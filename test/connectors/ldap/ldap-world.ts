import { createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import ldap from '../../../connectors/ldap/index.ts';
import { simulateLdap } from '../../../connectors/ldap/simulator/simulate-ldap.ts';
import { openWorld, type World } from '../../../src/connector/conformance/world.ts';
import type { Simulate } from '../../../src/connector/contract.ts';
import { Registry } from '../../../src/connector/registry.ts';
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

/** The connector on a server, with nothing between them. */
export async function connected(settings: JsonObject) {
  const registry = await Registry.connect([{ system: 'ldap', connector: ldap, settings }], {
    clock: systemClock,
    baseDirectory: import.meta.dirname,
    log: () => undefined,
  });
  onTestFinished(() => registry.close());
  const called = (name: string, timeMs: number) => {
    const { definition, context } = registry.operation(`ldap.${name}`);
    return { definition, context: context('act_test', AbortSignal.timeout(timeMs)) };
  };
  return {
    run: async (name: string, input: JsonObject, timeMs = 20_000) => {
      const { definition, context } = called(name, timeMs);
      return definition.execute(definition.input.parse(input), context);
    },
    probe: async (name: string, input: JsonObject) => {
      const { definition, context } = called(name, 20_000);
      return definition.kind === 'write' ? definition.probe?.(definition.input.parse(input), context) : undefined;
    },
  };
}

/** A server of this test's own, whatever it says; answers its port. */
export async function listening(serve: (socket: Socket) => void, host = '127.0.0.1'): Promise<number> {
  const server = createServer((socket) => serve(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a server without a port');
  return address.port;
}
