import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Digest } from '../lib/digest.ts';
import { type Checkpoint, firstPrev, lineHash, parseLine } from './checkpoint-line.ts';

/** More than a line can have: past it the file is no checkpoint file, and is not read into memory to find out. */
export const MAX_LINE_CHARACTERS = 4_194_304;

/** The file of a checkpoint folder that holds the lines. */
export function checkpointFile(directory: string): string {
  return join(directory, 'checkpoints.jsonl');
}

export type CheckpointProblemKind = 'checkpoint-changed' | 'checkpoint-missing' | 'checkpoint-cut';

export type ReadLine =
  | { readonly checkpoint: Checkpoint; readonly hash: Digest }
  | { readonly problem: { readonly kind: CheckpointProblemKind; readonly detail: string } };

/**
 * The lines of a checkpoint folder in order, each with whether it continues the one before. Signatures are left to the
 * caller: one that verifies vouches for every line before it.
 */
export async function* readCheckpoints(directory: string): AsyncGenerator<ReadLine> {
  let n = 0;
  let prev: Digest | undefined;
  for await (const { line, complete } of lines(checkpointFile(directory))) {
    n++;
    const checkpoint = parseLine(line);
    if (!complete) {
      yield problem('checkpoint-cut', `line ${n} of the checkpoints breaks off`);
    } else if (checkpoint === undefined) {
      yield problem('checkpoint-changed', `line ${n} of the checkpoints is not as it was written`);
    } else {
      if (checkpoint.n !== n) {
        yield problem('checkpoint-missing', `checkpoint ${checkpoint.n} stands in the place of checkpoint ${n}`);
      } else if (checkpoint.prev !== (prev ?? firstPrev(checkpoint.keyId)) && (prev !== undefined || n === 1)) {
        yield problem('checkpoint-changed', `checkpoint ${n} does not continue the line before it`);
      }
      n = checkpoint.n;
      yield { checkpoint, hash: lineHash(line) };
    }
    prev = lineHash(line);
  }
}

function problem(kind: CheckpointProblemKind, detail: string): ReadLine {
  return { problem: { kind, detail } };
}

async function* lines(file: string): AsyncGenerator<{ readonly line: string; readonly complete: boolean }> {
  if (!existsSync(file)) return;
  let rest = '';
  for await (const chunk of createReadStream(file, { encoding: 'utf8' })) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) yield { line, complete: true };
    if (rest.length > MAX_LINE_CHARACTERS) break;
  }
  if (rest !== '') yield { line: rest, complete: false };
}
