import { z } from 'zod';
import type { Json } from '../../lib/json.ts';
import type { AuditEntry } from '../contract.ts';
import type { FaultQueue } from './fault-queue.ts';
import type { SimulatorRequest } from './read-simulator-request.ts';

const PREFIX = '/__simulator/';

const fault = z.strictObject({
  when: z.enum(['before', 'after']),
  answer: z.union([z.int().min(200).max(599), z.enum(['reset', 'hang'])]),
  times: z.int().min(1).exactOptional(),
  call: z.string().exactOptional(),
});

/** Whether the call steers the simulator instead of using the simulated system. */
export function isControl(request: SimulatorRequest): boolean {
  return request.path.startsWith(PREFIX);
}

/** `POST /__simulator/faults` adds one fault, `GET /__simulator/audit` answers all entries. */
export function answerControl(
  request: SimulatorRequest,
  { faults, entries }: { readonly faults: FaultQueue; readonly entries: readonly AuditEntry[] },
): { readonly status: number; readonly body?: Json } {
  switch (`${request.method} ${request.path}`) {
    case `POST ${PREFIX}faults`: {
      const parsed = fault.safeParse(request.body);
      if (!parsed.success) return { status: 400, body: { error: z.prettifyError(parsed.error) } };
      faults.add(parsed.data);
      return { status: 204 };
    }
    case `GET ${PREFIX}audit`:
      return { status: 200, body: entries.map(asJson) };
    default:
      return { status: 404, body: { error: 'POST /__simulator/faults or GET /__simulator/audit' } };
  }
}

function asJson({ correlation, ...entry }: AuditEntry): Json {
  return correlation === undefined ? entry : { ...entry, correlation };
}
