import type { NewEvent } from '../action/event.ts';
import type { AppendGuard, MemoryGuard } from '../action/log-port.ts';

/** What must still be so when these events get into a log that other processes append to as well. */
export function appendGuard(events: readonly NewEvent[], memory: MemoryGuard | undefined): AppendGuard {
  const begun: string[] = [];
  const ended: string[] = [];
  let controls: number | undefined;
  for (const { type, payload } of events) {
    if (type === 'action.completed') ended.push(payload.action);
    if (type !== 'action.decided') continue;
    controls = payload.seenControls ?? 0;
    const executes = payload.mode === 'run' && (payload.decision === 'allow' || payload.decision === 'modify');
    // A part is executed with its batch.
    if (executes && payload.partOf === undefined) begun.push(payload.action);
  }
  return { controls, begun, ended, memory };
}
