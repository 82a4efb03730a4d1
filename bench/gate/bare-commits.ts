import { join } from 'node:path';
import { BareGroupCommit } from '../bare-group-commit.ts';
import type { Contender, Running } from '../take-turns.ts';
import type { Levels } from './levels.ts';
import { commitName } from './names.ts';
import type { RecordedRows } from './recorded-rows.ts';

/** The floor under what is durable: the rows of a decision, or of a run, in a bare file with group commit. */
export async function bareCommits(
  directory: string,
  { alone, together }: Levels,
  rows: RecordedRows,
): Promise<Running> {
  const file = await BareGroupCommit.open(join(directory, 'bare.jsonl'));
  const contenders = [alone, ...together].flatMap((level): Contender[] => [
    {
      name: commitName('decide', level.atOnce),
      ...level,
      prepare: () => ({ operate: () => file.append(rows.decision) }),
    },
    {
      name: commitName('run', level.atOnce),
      ...level,
      prepare: () => ({ operate: () => file.append(rows.decision).then(() => file.append(rows.outcome)) }),
    },
  ]);
  return { contenders, close: () => file.close() };
}
