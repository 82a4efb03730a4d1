import type { SimulatorResponse, SimulatorWorld } from '../../../src/connector/simulator/create-simulator.ts';
import type { Json, JsonObject } from '../../../src/lib/json.ts';

/** A directory object or a record, by property. */
export type Entry = Record<string, Json>;

/** One tenant: everything that the simulated API can change. */
export interface Tenant {
  readonly users: Map<string, Entry>;
  readonly groups: Map<string, Entry>;
  readonly applications: Map<string, Entry>;
  readonly servicePrincipals: Map<string, Entry>;
  /** What was deleted and can be restored; each keeps its `@odata.type`. */
  readonly deleted: Map<string, Entry>;
  /** Ids of members by the id of the group. */
  readonly members: Map<string, Set<string>>;
  readonly roleAssignments: Map<string, Entry>;
  readonly grants: Map<string, Entry>;
  readonly appRoleAssignments: Map<string, Entry>;
  readonly policies: Map<string, Entry>;
  readonly riskyUsers: Map<string, Entry>;
  readonly mails: { readonly userId: string; readonly message: JsonObject }[];
  /** Open sessions by user. */
  readonly sessions: Map<string, number>;
}

/** One call to the simulated API below `/v1.0`, its path's variables in order. */
export interface TenantCall {
  readonly tenant: Tenant;
  readonly world: SimulatorWorld;
  readonly ids: readonly string[];
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  /** `http://host`, for links. */
  readonly origin: string;
  readonly path: string;
}

export interface Route {
  readonly method: string;
  /** Below `/v1.0`; `{}` is a variable. */
  readonly path: string;
  readonly handle: (call: TenantCall) => SimulatorResponse;
}

/** A GUID from the seeded sequence. */
export function newGuid({ id }: SimulatorWorld): string {
  return id().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
