import type { Simulate } from '../../../src/connector/contract.ts';
import { createSimulator, type SimulatorResponse } from '../../../src/connector/simulator/create-simulator.ts';
import { channelMethods, type Method } from './methods.ts';
import { peopleMethods } from './people-methods.ts';
import { SIMULATED_TOKEN, seedWorkspace } from './seed.ts';

const METHODS: Readonly<Record<string, Method>> = { ...channelMethods, ...peopleMethods };

/** A simulated workspace: 200 with `ok: false` where it refuses. No answer of it is a fact about Slack but where a mark says so. */
export const simulateSlack: Simulate = (options) => {
  const slack = seedWorkspace();
  return createSimulator({
    options,
    settings: (origin) => ({ origin, token: SIMULATED_TOKEN }),
    handle: ({ path, form, headers }, world): SimulatorResponse => {
      if (headers['authorization'] !== `Bearer ${SIMULATED_TOKEN}`) return refused('invalid_auth');
      const method = METHODS[path.replace('/api/', '')];
      if (method === undefined) return refused('unknown_method');
      const answer = method({ slack, world, arg: (name) => form.get(name) ?? '' });
      return typeof answer === 'string' ? refused(answer) : { status: 200, body: { ok: true, ...answer } };
    },
  });
};

function refused(error: string): SimulatorResponse {
  return { status: 200, body: { ok: false, error } };
}
