import type { Row } from '../row.ts';
import { CONVENTIONAL, cerbosName, commitName, echoName } from './names.ts';

interface Target {
  readonly case: string;
  /** Rows by name: the first median over the second. */
  readonly of: readonly [string, string];
}

/** What the whole decision promises, each as one number of this run. The ratios of throughputs count the same way as those of times. */
const TARGETS: readonly Target[] = [
  {
    case: 'in process, log in memory: the conventional stack ÷ decide (aim: at least 40)',
    of: [CONVENTIONAL, 'decide, in process, log in memory, 10 events, 1 at once'],
  },
  {
    case: 'in process, not synced: the conventional stack ÷ decide (aim: at least 40)',
    of: [CONVENTIONAL, 'decide, in process, not synced, 10 events, 1 at once'],
  },
  {
    case: 'durable, 64 at once, throughput: bare group commit ÷ decide (aim: at most 1.5)',
    of: [`${commitName('decide', 64)}, throughput`, 'decide, in process, durable, 10 events, 64 at once, throughput'],
  },
  {
    case: 'over HTTP, not synced: decide ÷ bare echo (aim: at most 1.5)',
    of: ['decide, over HTTP, not synced, 10 events, 1 at once', echoName('off', 'decide', 1)],
  },
  {
    case: 'over HTTP, durable: decide ÷ bare echo with one bare group commit (aim: at most 1.3)',
    of: ['decide, over HTTP, durable, 10 events, 1 at once', echoName('full', 'decide', 1)],
  },
  {
    case: 'over HTTP, not synced: Cerbos ÷ decide (aim: at least 8)',
    of: [cerbosName(1), 'decide, over HTTP, not synced, 10 events, 1 at once'],
  },
  {
    case: 'over HTTP, not synced, 64 at once, throughput: decide ÷ Cerbos (aim: at least 8)',
    of: ['decide, over HTTP, not synced, 10 events, 64 at once, throughput', `${cerbosName(64)}, throughput`],
  },
];

/** One row for each target whose peer took part. */
export function* targetRows(rows: readonly Row[]): Generator<Row> {
  const medians = new Map(rows.map((row) => [row.case, row.median] as const));
  for (const { case: name, of } of TARGETS) {
    const [over, under] = of.map((each) => medians.get(each));
    if (over === undefined || under === undefined) continue;
    const ratio = Number((over / under).toPrecision(3));
    yield { bench: 'gate', case: name, unit: 'times', median: ratio, p99: ratio, n: 1 };
  }
}
