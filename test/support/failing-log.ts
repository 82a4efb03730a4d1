import type { StoredEvent } from '../../src/action/event.ts';
import type { WorkflowLog } from '../../src/action/log-port.ts';
import { InterlockError } from '../../src/lib/errors.ts';

export interface FailingLog extends WorkflowLog {
  /** How appends of such events fail: `refuse` says no at once, `lose` takes them and loses them before they are durable. */
  fail: { readonly how: 'refuse' | 'lose'; readonly when: (events: readonly StoredEvent[]) => boolean } | undefined;
  /** Appends that failed. */
  readonly failures: number;
}

/** A log whose disk can be made to fail. What it lost, the log behind it has never seen. */
export function failingLog(log: WorkflowLog): FailingLog {
  let failures = 0;
  const failing: FailingLog = {
    ...log,
    fail: undefined,
    get failures() {
      return failures;
    },
    async append(stream, expected, events, summary) {
      if (failing.fail?.when(events) !== true) return log.append(stream, expected, events, summary);
      failures += 1;
      const failure = new InterlockError('LOG_UNAVAILABLE', 'the disk is full');
      if (failing.fail.how === 'refuse') throw failure;
      const durable = Promise.reject(failure);
      durable.catch(() => undefined);
      return { status: 'appended', durable };
    },
  };
  return failing;
}

export function isOfType(...types: readonly StoredEvent['type'][]) {
  return (events: readonly StoredEvent[]): boolean => events.some(({ type }) => types.includes(type));
}
