import type { SimulatorFault } from '../contract.ts';

/** Faults waiting for their calls, the first added first. */
export interface FaultQueue {
  add(fault: SimulatorFault): void;
  /** The fault for this `METHOD /path`, used up once. */
  take(call: string): SimulatorFault | undefined;
}

export function createFaultQueue(): FaultQueue {
  const waiting: { readonly fault: SimulatorFault; left: number }[] = [];
  return {
    add(fault) {
      waiting.push({ fault, left: fault.times ?? 1 });
    },
    take(call) {
      const index = waiting.findIndex(({ fault }) => fault.call === undefined || call.startsWith(fault.call));
      const found = waiting[index];
      if (found === undefined) return undefined;
      found.left -= 1;
      if (found.left <= 0) waiting.splice(index, 1);
      return found.fault;
    },
  };
}
