import { readFileSync } from 'node:fs';
import type { StoredEvent, WorkflowEvent } from '../../src/action/event.ts';
import type { WorkflowLog } from '../../src/action/log-port.ts';
import type { AuditEntry } from '../../src/connector/contract.ts';
import { effectMark } from '../../src/gate/execute.ts';
import { parseEvent, verifyChain } from '../../src/workflow/chain.ts';
import { type Attempt, BUDGET, type Load } from './load.ts';

/** What the log and the system itself say after a fault: nothing here was told by a gateway but the answers. */
export interface Verdict {
  /** No history was lost. */
  readonly isWhole: boolean;
  readonly effects: number;
  readonly answered: number;
  readonly denied: number;
  /** Attempts without an answer, by the problem that their client was told of most often. */
  readonly givenUp: Readonly<Record<string, number>>;
  /** Outcomes that stayed unknown. */
  readonly unknown: number;
  /** Sentences about what must not be. */
  readonly wrong: readonly string[];
}

export const TENANT = 'acme';

/** `isWhole`: no history was lost, so that every effect and every answer must be in the log. */
export async function judge(
  log: Pick<WorkflowLog, 'read'>,
  { audit, load, isWhole }: { readonly audit: string; readonly load: Load; readonly isWhole: boolean },
): Promise<Verdict> {
  const effects = Map.groupBy(readAudit(audit), ({ correlation }) => correlation ?? 'unmarked');
  const wrong: string[] = [];
  let all = 0;
  let unknown = 0;
  for (const workflow of load.workflows) {
    const stream = { tenant: TENANT, workflow };
    const stored = await log.read(stream);
    const chain = verifyChain(stream, stored);
    if (!chain.ok) wrong.push(`${workflow}: ${chain.problem}`);
    const own = load.attempts.filter(({ agent }) => agent.workflow === workflow);
    const traces = tracesOf(stored);
    let ofWorkflow = 0;
    for (const attempt of own) {
      const found = effects.get(effectMark(stream, attempt.id)) ?? [];
      ofWorkflow += found.length;
      const trace = traces.get(attempt.id) ?? NOTHING;
      if (trace.outcome === 'unknown') unknown += 1;
      wrong.push(...wrongWith(attempt, { ...trace, effects: found.length, isWhole }));
    }
    if (ofWorkflow > BUDGET) wrong.push(`${workflow}: ${ofWorkflow} effects of ${BUDGET}`);
    all += ofWorkflow;
  }
  const { attempts } = load;
  const silent = attempts.filter(({ answer }) => answer === undefined);
  return {
    isWhole,
    effects: all,
    answered: attempts.length - silent.length,
    denied: attempts.filter(({ answer }) => answer?.decision === 'deny').length,
    givenUp: countOf(silent.map(({ problems }) => mostOften(problems))),
    unknown,
    wrong,
  };
}

interface Trace {
  readonly allowed: boolean;
  readonly digest: string | undefined;
  readonly outcome: string | undefined;
}

const NOTHING: Trace = { allowed: false, digest: undefined, outcome: undefined };

function tracesOf(stored: readonly StoredEvent[]): ReadonlyMap<string, Trace> {
  const traces = new Map<string, Trace>();
  for (const event of stored.map(parseEvent) as WorkflowEvent[]) {
    if (event.type === 'action.decided') {
      const { action, decision, digest } = event.payload;
      traces.set(action, { allowed: decision === 'allow', digest, outcome: undefined });
    } else if (event.type === 'action.completed') {
      const { action, status } = event.payload;
      traces.set(action, { ...(traces.get(action) ?? NOTHING), outcome: status });
    }
  }
  return traces;
}

function wrongWith(
  { id, answer }: Attempt,
  { allowed, digest, outcome, effects, isWhole }: Trace & { readonly effects: number; readonly isWhole: boolean },
): readonly string[] {
  const wrong: string[] = [];
  if (effects > 1) wrong.push(`${id} has ${effects} effects`);
  if (!isWhole) return wrong;
  if (effects > 0 && !allowed) wrong.push(`${id} has an effect and no decision`);
  if (outcome === 'succeeded' && effects === 0) wrong.push(`${id} is called succeeded and has no effect`);
  if (outcome === 'failed' && effects > 0) wrong.push(`${id} is called failed and has an effect`);
  if (allowed && outcome === undefined) wrong.push(`${id} is executing for ever`);
  if (answer !== undefined && answer.digest !== digest) wrong.push(`the answer to ${id} is not in the log`);
  return wrong;
}

function mostOften(problems: readonly string[]): string {
  const [first] = Object.entries(countOf(problems)).sort(([, a], [, b]) => b - a);
  return first?.[0] ?? 'not sent';
}

function countOf(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

export function readAudit(file: string): AuditEntry[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}
