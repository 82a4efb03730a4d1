import type { ActionDecided } from '../../src/action/event.ts';
import type { Transcript } from './transcript.ts';

/** What the scenarios were made of: whoever reads that nothing differs must know what could have. */
export type Tally = Readonly<Record<string, number>>;

const SHOWN = [
  'decisions',
  ...['allow', 'modify', 'deny', 'step_up', 'defer'].map((decision) => `of them ${decision}`),
  ...[
    'with obligations on the result',
    'with questions',
    'with signals',
    'with provenance',
    'with labels',
    'by a limit',
  ],
  ...['executions', 'answers of people', 'acts of people'],
];

export function tallyOf({ actions, acts }: Transcript): Tally {
  const tally: Record<string, number> = Object.fromEntries(SHOWN.map((what) => [what, 0]));
  const count = (what: string, isSo = true): void => {
    if (isSo) tally[what] = (tally[what] ?? 0) + 1;
  };
  for (const { events, effects } of actions.values()) {
    for (const { type, payload } of events) {
      count('answers of people', type === 'approval.answered');
      if (type === 'action.decided') countDecision(payload as ActionDecided, count); // so the log has it
    }
    for (const _ of effects) count('executions');
  }
  for (const _ of acts) count('acts of people');
  return tally;
}

function countDecision(decided: ActionDecided, count: (what: string, isSo?: boolean) => void): void {
  count('decisions');
  count(`of them ${decided.decision}`);
  count('with obligations on the result', decided.resultObligations.length > 0);
  count('with questions', decided.approvals.length > 0);
  count('with signals', decided.signals !== undefined);
  count('with provenance', decided.provenance !== undefined);
  count('with labels', decided.labels.length > 0);
  count('by a limit', decided.code === 'LIMIT_REACHED');
}

export function addTallies(tallies: readonly Tally[]): Tally {
  const sum: Record<string, number> = {};
  for (const tally of tallies) for (const [what, n] of Object.entries(tally)) sum[what] = (sum[what] ?? 0) + n;
  return sum;
}
