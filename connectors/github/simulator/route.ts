import type { SimulatorResponse, SimulatorWorld } from '../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';
import { isJsonObject, type JsonObject } from '../../../src/lib/json.ts';
import type { Repository, World } from './seed.ts';

/** One request to something in one repository. */
export interface RepoCall {
  readonly github: World;
  readonly repository: Repository;
  readonly name: string;
  readonly request: SimulatorRequest;
  readonly world: SimulatorWorld;
  readonly body: JsonObject;
  /** The variables of the route's path, decoded. */
  readonly params: readonly string[];
}

export interface Route {
  readonly method: string;
  /** Below `/repos/{owner}/{repo}`. */
  readonly pattern: RegExp;
  readonly handle: (call: RepoCall) => SimulatorResponse;
}

export const NOT_FOUND: SimulatorResponse = { status: 404, body: { message: 'Not Found' } };
export const NO_CONTENT: SimulatorResponse = { status: 204 };

export const refuse = (status: number, message: string): SimulatorResponse => ({ status, body: { message } });

export function bodyOf({ body }: SimulatorRequest): JsonObject {
  return isJsonObject(body) ? body : {};
}

/** Removes one of several things. */
export function removal<K>(things: { delete(key: K): boolean }, key: K, done: () => void): SimulatorResponse {
  if (!things.delete(key)) return NOT_FOUND;
  done();
  return NO_CONTENT;
}
