import type { SimulatorResponse, SimulatorWorld } from '../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';
import { isJsonObject, type JsonObject } from '../../../src/lib/json.ts';
import { pageOf } from './page-of.ts';

/** Where the one seeded upstream sends its traffic. */
export interface Targets {
  answer(request: SimulatorRequest, world: SimulatorWorld, target: string | undefined): SimulatorResponse;
}

export function createTargets(upstream: string, seeded: string): Targets {
  const first = { id: seeded, target: '10.0.0.7:8080', weight: 100, upstream: { id: upstream } };
  const targets = new Map<string, JsonObject>([[first.target, first]]);
  return {
    answer(request, world, target) {
      if (request.method === 'GET') return pageOf([...targets.values()], request);
      if (request.method === 'DELETE' && target !== undefined) {
        if (targets.delete(target)) world.audit('target.delete', target);
        return { status: 204 };
      }
      if (request.method !== 'POST' || !isJsonObject(request.body))
        return { status: 405, body: { message: 'Method not allowed' } };
      const { target: address, weight = 100 } = request.body;
      if (typeof address !== 'string')
        return { status: 400, body: { message: 'target: required', name: 'schema violation', code: 2 } };
      const thing = { id: world.id(), target: address, weight, upstream: { id: upstream } };
      targets.set(address, thing);
      world.audit('target.create', address);
      return { status: 201, body: thing };
    },
  };
}
