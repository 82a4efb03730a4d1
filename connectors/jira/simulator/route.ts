import type { SimulatorResponse, SimulatorWorld } from '../../../src/connector/simulator/create-simulator.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import type { Site } from './seed.ts';

export interface SiteCall {
  readonly site: Site;
  readonly world: SimulatorWorld;
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  /** The variables of the route's path, decoded. */
  readonly params: readonly string[];
}

export interface Route {
  readonly method: string;
  /** Below `/rest/api/3`. */
  readonly pattern: RegExp;
  readonly handle: (call: SiteCall) => SimulatorResponse;
}

export const NO_CONTENT: SimulatorResponse = { status: 204 };
export const NOT_FOUND: SimulatorResponse = refuse(404, 'It does not exist or you do not have permission to see it.');

export function refuse(status: number, message: string): SimulatorResponse {
  return { status, body: { errorMessages: [message], errors: {} } };
}
