import type { SimulatorResponse, SimulatorWorld } from '../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';
import type { Json, JsonObject } from '../../../src/lib/json.ts';

export type UserStatus =
  | 'STAGED'
  | 'PROVISIONED'
  | 'ACTIVE'
  | 'RECOVERY'
  | 'PASSWORD_EXPIRED'
  | 'LOCKED_OUT'
  | 'SUSPENDED'
  | 'DEPROVISIONED';

export interface SimulatedUser {
  readonly id: string;
  status: UserStatus;
  /** A transition that goes on: how many reads still see the old status. */
  transition: { readonly to: UserStatus; readsLeft: number } | undefined;
  profile: Readonly<Record<string, Json>>;
  hasPassword: boolean;
  factors: readonly JsonObject[];
  /** Open sessions; more than zero means signed in somewhere. */
  sessions: number;
  readonly created: string;
  lastUpdated: string;
  statusChanged: string;
  /** Counts changes: the ETag. */
  version: number;
}

export interface SimulatedGroup {
  readonly id: string;
  readonly type: 'OKTA_GROUP' | 'APP_GROUP' | 'BUILT_IN';
  readonly profile: { readonly name: string; readonly description: string };
  readonly members: Set<string>;
  readonly created: string;
}

export interface SimulatedRole {
  readonly id: string;
  /** Of the user or group that holds it. */
  readonly holder: string;
  readonly assignmentType: 'USER' | 'GROUP';
  readonly grant: Readonly<Record<string, string>>;
}

/** One tenant: everything that the simulated API can change. */
export interface Org {
  readonly users: Map<string, SimulatedUser>;
  readonly groups: Map<string, SimulatedGroup>;
  readonly roles: Map<string, SimulatedRole>;
  /** Status by id. */
  readonly apps: Map<string, 'ACTIVE' | 'INACTIVE'>;
  readonly policies: Set<string>;
  readonly apiTokens: Map<string, { readonly name: string; readonly userId: string }>;
  readonly log: JsonObject[];
  /** How many reads a lifecycle transition takes to be over; 0: at once. */
  readonly transitionReads: number;
}

/** One call to the simulated API, its path's variables in order. */
export interface SimulatedCall {
  readonly org: Org;
  readonly request: SimulatorRequest;
  readonly world: SimulatorWorld;
  readonly ids: readonly string[];
}

export interface Route {
  readonly method: string;
  /** Below the origin, as the specification writes it. */
  readonly path: string;
  readonly handle: (call: SimulatedCall) => SimulatorResponse;
}

export function nowOf(world: SimulatorWorld): string {
  return new Date(world.clock.now()).toISOString();
}

export function newId(world: SimulatorWorld, prefix: string): string {
  return prefix + world.id().slice(0, 20 - prefix.length);
}

interface Happening {
  /** As in the audit log. */
  readonly effect: string;
  /** As Okta's System Log names it. */
  readonly eventType: string;
  readonly target: { readonly id: string; readonly type: string };
}

/** Writes what happened into the audit log, which is the truth, and into the System Log, which is the vendor's. */
export function happened(
  { org, world }: Pick<SimulatedCall, 'org' | 'world'>,
  { effect, eventType, target }: Happening,
): void {
  world.audit(effect, target.id);
  org.log.push({
    uuid: world.id(),
    published: nowOf(world),
    eventType,
    severity: 'INFO',
    displayMessage: effect,
    actor: { id: '00uinterlock00000001', type: 'User', alternateId: 'interlock@example.com', displayName: 'Interlock' },
    outcome: { result: 'SUCCESS', reason: null },
    client: { ipAddress: '192.0.2.1' },
    target: [{ ...target, alternateId: target.id, displayName: target.id }],
    transaction: { id: world.id(), type: 'WEB' },
    debugContext: { debugData: { requestUri: '/api/v1' } },
  });
}
