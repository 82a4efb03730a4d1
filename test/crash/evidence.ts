import { readFileSync } from 'node:fs';
import type { WorkflowEvent } from '../../src/action/event.ts';
import type { AuditEntry } from '../../src/connector/contract.ts';
import { effectMark } from '../../src/gate/execute.ts';
import { verifyLog } from '../../src/ledger/verify-log.ts';
import { parseEvent } from '../../src/workflow/chain.ts';
import { openLogReader } from '../../src/workflow/sqlite-log/open-log-reader.ts';
import type { Attempt } from './burst.ts';
import type { Site } from './processes.ts';

type Decided = Extract<WorkflowEvent, { type: 'action.decided' }>;
type Completed = Extract<WorkflowEvent, { type: 'action.completed' }>;

/** What the files say of one action: nothing here was told by a gateway. */
export interface Trace {
  readonly decided: readonly Decided[];
  readonly completed: readonly Completed[];
  readonly effects: readonly AuditEntry[];
}

export interface Evidence {
  of(attempt: Attempt): Trace;
  /** Effects since the burst began that belong to no action in the log. */
  readonly strayEffects: readonly AuditEntry[];
}

/** The burst whose traces are looked for: its calls, and where the audit file ended before it. */
export interface Burst {
  readonly attempts: readonly Attempt[];
  readonly auditStart: number;
}

/** Reads the burst's workflows as they are on the disk, and the simulated system's own account of what happened to it. */
export function gatherEvidence(site: Site, { attempts, auditStart }: Burst): Evidence {
  const effects = Map.groupBy(readAudit(site.audit, auditStart), ({ correlation }) => correlation ?? 'unmarked');
  const traces = new Map<string, { decided: Decided[]; completed: Completed[]; effects: AuditEntry[] }>();
  const reader = openLogReader({ file: site.log });
  try {
    for (const workflow of new Set(attempts.map(({ agent }) => agent.workflow))) {
      const stream = { tenant: 'acme', workflow };
      for (const stored of reader.events(stream)) {
        const event = parseEvent(stored);
        if (event.type !== 'action.decided' && event.type !== 'action.completed') continue;
        const mark = effectMark(stream, event.payload.action);
        const trace = traces.get(mark) ?? { decided: [], completed: [], effects: effects.get(mark) ?? [] };
        traces.set(mark, trace);
        if (event.type === 'action.decided') trace.decided.push(event);
        else trace.completed.push(event);
      }
    }
    return {
      of: ({ call, agent }) => {
        const mark = effectMark({ tenant: 'acme', workflow: agent.workflow }, call.id);
        return traces.get(mark) ?? { decided: [], completed: [], effects: effects.get(mark) ?? [] };
      },
      strayEffects: [...effects].flatMap(([mark, entries]) => (traces.has(mark) ? [] : entries)),
    };
  } finally {
    reader.close();
  }
}

/** What `verify` finds wrong with the log. */
export async function findingsIn(site: Site): Promise<readonly object[]> {
  const reader = openLogReader({ file: site.log });
  try {
    return (await verifyLog({ reader, checkpointDirectory: site.checkpoints })).findings;
  } finally {
    reader.close();
  }
}

function readAudit(file: string, start: number): AuditEntry[] {
  return readFileSync(file)
    .toString('utf8', start)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** Where an action was when the gateway died. `unsent`: nobody asked for it yet. */
export type Phase = 'unsent' | 'before decision' | 'before effect' | 'before outcome' | 'finished';

export function phaseOf(attempt: Attempt, { decided, completed, effects }: Trace): Phase {
  const decision = decided.at(-1)?.payload.decision;
  if (decision === undefined) return attempt.sent ? 'before decision' : 'unsent';
  if (decision === 'deny' || completed.length > 0) return 'finished';
  return effects.length === 0 ? 'before effect' : 'before outcome';
}
