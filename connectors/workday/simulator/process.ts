import type { SimulatorWorld } from '../../../src/connector/simulator/create-simulator.ts';
import type { Process, Step, Tenant } from './tenant.ts';

interface Start {
  readonly type: string;
  readonly workerId?: string | undefined;
  readonly initiator: string;
  readonly effective?: string | undefined;
  readonly comment?: string | undefined;
  /** Nobody is asked: it takes effect at once. */
  readonly skipApprovals?: boolean | undefined;
  readonly onEnd?: Process['onEnd'];
}

/** Starts a business process: it waits for one approver who is not its maker, or for nobody. */
export function startProcess(tenant: Tenant, world: SimulatorWorld, start: Start): Process {
  const process: Process = {
    id: world.id(),
    type: start.type,
    workerId: start.workerId,
    initiator: start.initiator,
    effective: start.effective,
    comment: start.comment,
    createdAt: world.clock.now(),
    status: 'In Progress',
    steps: [],
    onEnd: start.onEnd ?? (() => undefined),
  };
  tenant.processes.set(process.id, process);
  if (start.skipApprovals === true) {
    world.audit('approvals.skip', process.id);
    endProcess(process, 'Successfully Completed', world);
  } else {
    addStep(process, world);
  }
  return process;
}

function addStep(process: Process, world: SimulatorWorld): void {
  process.steps.push({
    id: world.id(),
    name: `Approval by Manager (${process.type})`,
    awaiting: 'Manager',
    createdAt: world.clock.now(),
    status: 'Awaiting Action',
    comments: [],
  });
}

function endProcess(process: Process, status: 'Successfully Completed' | 'Denied', world: SimulatorWorld): void {
  process.status = status;
  process.completedAt = world.clock.now();
  process.onEnd(status, world);
}

export function findStep(
  tenant: Tenant,
  stepId: string,
): { readonly process: Process; readonly step: Step } | undefined {
  for (const process of tenant.processes.values()) {
    const step = process.steps.find(({ id }) => id === stepId);
    if (step !== undefined) return { process, step };
  }
  return undefined;
}

interface StepAnswer {
  readonly status: 'Approved' | 'Denied' | 'Sent Back';
  readonly comment: string;
  readonly account: string;
}

/** Records the answer to a step and lets the process go on. Sent back, it waits again once it was resubmitted. */
export function answerStep(
  { process, step }: { process: Process; step: Step },
  answer: StepAnswer,
  world: SimulatorWorld,
): void {
  step.status = answer.status;
  step.completedAt = world.clock.now();
  step.completedBy = answer.account;
  step.comments.push({ comment: answer.comment, at: world.clock.now(), by: answer.account });
  if (answer.status === 'Approved') endProcess(process, 'Successfully Completed', world);
  if (answer.status === 'Denied') endProcess(process, 'Denied', world);
  if (answer.status === 'Sent Back') addStep(process, world);
}
