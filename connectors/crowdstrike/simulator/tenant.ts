import type { SimulatorResponse, SimulatorWorld } from '../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../src/lib/json.ts';

/** Records of one kind by id; what a route changes in them is the tenant's new state. */
export type Records = Map<string, { [field: string]: Json }>;

/** One tenant: everything that the simulated API can change. */
export interface Tenant {
  readonly devices: Records;
  readonly users: Records;
  /** Roles by user. */
  readonly roles: Map<string, Set<string>>;
  readonly policies: Records;
  readonly indicators: Records;
  readonly files: Records;
  readonly alerts: Records;
  readonly incidents: Records;
  /** Host by open session. */
  readonly sessions: Map<string, string>;
  /** Hosts by batch. */
  readonly batches: Map<string, readonly string[]>;
  /** Commands and workflow executions that were started, by id. */
  readonly started: Map<string, string>;
}

export interface SimulatedCall {
  readonly tenant: Tenant;
  readonly request: SimulatorRequest;
  readonly world: SimulatorWorld;
}

export interface Route {
  readonly method: string;
  readonly path: string;
  readonly handle: (call: SimulatedCall) => SimulatorResponse;
}

export interface SimulatedError {
  readonly code: number;
  readonly message: string;
  readonly id?: string;
}

/** `{ meta, errors, resources }`, the envelope of every answer [sdk]. */
export function reply(
  resources: readonly Json[],
  more: {
    readonly status?: number;
    readonly errors?: readonly SimulatedError[];
    readonly pagination?: JsonObject;
  } = {},
): SimulatorResponse {
  const { status = 200, errors = [], pagination } = more;
  const meta = { query_time: 0.01, trace_id: 'simulated', ...(pagination === undefined ? {} : { pagination }) };
  return { status, body: { meta, errors: errors.map((error) => ({ ...error })), resources: [...resources] } };
}

export const refuse = (status: number, message: string): SimulatorResponse =>
  reply([], { status, errors: [{ code: status, message }] });

export const bodyOf = ({ request }: SimulatedCall): JsonObject =>
  isJsonObject(request.body) ? (request.body as JsonObject) : {};

export function textsIn(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

export const uuid = (world: SimulatorWorld): string =>
  world.id().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** Does the same to each id; those that do not exist are errors beside results, in a 2xx [sdk]. */
export function eachId(
  ids: readonly string[],
  records: Records,
  act: (id: string, record: { [field: string]: Json }) => void,
): SimulatorResponse {
  const known = ids.filter((id) => records.has(id));
  const errors = ids.filter((id) => !records.has(id)).map((id) => ({ code: 404, message: `not found: ${id}`, id }));
  for (const id of known) act(id, records.get(id) ?? {});
  if (known.length === 0) return reply([], { status: 404, errors });
  return reply(
    known.map((id) => ({ id, path: `/${id}` })),
    { status: 202, errors },
  );
}
