import { hash } from 'node:crypto';
import type { SimulatorWorld } from '../../../src/connector/simulator/create-simulator.ts';
import type { JsonObject } from '../../../src/lib/json.ts';

/** The id of a seeded thing, known beforehand: `seededId('worker/amara-okafor')`. */
export function seededId(name: string): string {
  return hash('sha256', `workday/${name}`, 'hex').slice(0, 32);
}

export interface Worker {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly dateOfBirth: string;
  readonly isManager: boolean;
  /** Works on a contract, not as an employee. */
  readonly contingent: boolean;
  /** The day on which the work ends or has ended. */
  leaves?: string;
  /** Where the worker has been and will be: the last one that is in effect counts. */
  readonly moves: { readonly organizationId: string; readonly effective: string }[];
}

export interface Step {
  readonly id: string;
  readonly name: string;
  readonly awaiting: string;
  readonly createdAt: number;
  status: 'Awaiting Action' | 'Approved' | 'Denied' | 'Sent Back';
  completedAt?: number;
  completedBy?: string;
  readonly comments: { readonly comment: string; readonly at: number; readonly by: string }[];
}

/** A business process event: it waits for its steps, then takes effect. */
export interface Process {
  readonly id: string;
  readonly type: string;
  readonly workerId: string | undefined;
  readonly initiator: string;
  readonly effective: string | undefined;
  /** What its initiator said. */
  readonly comment: string | undefined;
  readonly createdAt: number;
  status: 'In Progress' | 'Successfully Completed' | 'Denied';
  completedAt?: number;
  readonly steps: Step[];
  readonly onEnd: (status: 'Successfully Completed' | 'Denied', world: SimulatorWorld) => void;
}

export interface Document {
  readonly id: string;
  status: 'Draft' | 'In Progress' | 'Approved' | 'Denied';
  readonly fields: JsonObject;
}

export interface TimeOffEntry {
  readonly id: string;
  readonly workerId: string;
  readonly date: string;
  readonly typeId: string;
  readonly quantity: number;
  readonly comment: string;
  status: 'Submitted' | 'Approved' | 'Denied';
}

export interface PaySlip {
  readonly id: string;
  readonly workerId: string;
  readonly date: string;
  readonly gross: number;
  readonly net: number;
}

export interface LogEntry {
  readonly at: number;
  readonly account: string;
  readonly task: string;
  readonly target: string;
  readonly userAgent: string;
}

/** Everything that one simulated tenant knows. */
export interface Tenant {
  readonly workers: Map<string, Worker>;
  readonly organizations: Map<string, string>;
  readonly reasons: Map<string, string>;
  readonly paymentPlans: Map<string, string>;
  readonly timeOffTypes: Map<string, string>;
  readonly suppliers: Map<string, string>;
  readonly companies: Map<string, string>;
  readonly paySlips: PaySlip[];
  readonly processes: Map<string, Process>;
  readonly payrollInputs: Map<string, JsonObject>;
  readonly invoices: Map<string, Document>;
  readonly reports: Map<string, Document>;
  readonly timeOff: TimeOffEntry[];
  readonly log: LogEntry[];
}

/** The organization of a worker on the clock's day. */
export function organizationOf(worker: Worker, world: SimulatorWorld): string | undefined {
  const today = dayOf(world.clock.now());
  const begun = worker.moves.filter(({ effective }) => effective <= today);
  return begun.sort((a, b) => a.effective.localeCompare(b.effective)).at(-1)?.organizationId;
}

export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
