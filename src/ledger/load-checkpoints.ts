import { openVerifyingKey } from './checkpoint-key.ts';
import { isSignedBy } from './checkpoint-line.ts';
import type { Tally } from './finding.ts';
import type { HeadIndex } from './head-index.ts';
import { readCheckpoints } from './read-checkpoints.ts';

interface CheckpointSource {
  /** Undefined: there are none to compare with. */
  readonly directory: string | undefined;
  readonly publicKey: string | undefined;
}

/** Verifies every line and every signature, reports what is wrong, and puts what a valid signature says into the index. */
export async function loadCheckpoints(
  { directory, publicKey }: CheckpointSource,
  index: HeadIndex,
  tally: Tally,
): Promise<void> {
  if (directory === undefined) return;
  const key = openVerifyingKey(directory, publicKey);
  for await (const read of readCheckpoints(directory)) {
    if ('problem' in read) {
      tally.report(read.problem);
    } else if (key === undefined || !isSignedBy(key, read.checkpoint)) {
      tally.report({
        kind: 'checkpoint-changed',
        detail: `checkpoint ${read.checkpoint.n} is not signed with the expected key`,
      });
    } else {
      tally.checkpoints++;
      index.add(read.checkpoint);
    }
  }
}
