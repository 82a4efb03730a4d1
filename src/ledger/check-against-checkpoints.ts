import type { StreamId } from '../action/log-port.ts';
import { InterlockError } from '../lib/errors.ts';
import type { LedgerReader } from '../workflow/log-reader.ts';
import { openVerifyingKey } from './checkpoint-key.ts';
import { isSignedBy } from './checkpoint-line.ts';
import type { Checkpointer } from './checkpoints.ts';
import { HeadIndex, type KnownHead } from './head-index.ts';
import { readCheckpoints } from './read-checkpoints.ts';

/** Heads that the reader is asked for together. */
const COMPARED_AT_ONCE = 1_000;

interface StartCheck {
  readonly reader: LedgerReader;
  readonly directory: string;
  /** PEM, kept elsewhere; without it the one in the folder. */
  readonly publicKey?: string | undefined;
  /** Is told of what became durable after the last checkpoint, when the process before this one ended. */
  readonly checkpointer: Pick<Checkpointer, 'note'>;
}

/**
 * At the start of a process: the log may be ahead of its checkpoints, never behind them. Throws LOG_BROKEN, naming the
 * workflow, for history that is lost or another than it was, and for checkpoints that are not whole. It does not read the
 * events in between: that is what {@link verifyLog} is for.
 */
export async function checkAgainstCheckpoints({
  reader,
  directory,
  publicKey,
  checkpointer,
}: StartCheck): Promise<void> {
  const index = new HeadIndex();
  try {
    const key = openVerifyingKey(directory, publicKey);
    const mark = await reader.lastCheckpoint(key?.keyId);
    for await (const read of readCheckpoints(directory)) {
      if ('problem' in read)
        throw new InterlockError('LOG_BROKEN', `The checkpoints are not whole: ${read.problem.detail}.`);
      index.add(read.checkpoint);
    }
    // One valid signature at the end vouches, by the hashes, for every line before it.
    if (index.last !== undefined && !(key !== undefined && isSignedBy(key, index.last))) {
      throw new InterlockError('LOG_BROKEN', `Checkpoint ${index.last.n} is not signed with the expected key.`);
    }
    if (mark !== undefined && mark.n > (index.last?.n ?? 0)) {
      throw new InterlockError(
        'LOG_BROKEN',
        `The log knows checkpoint ${mark.n}, but the checkpoints end at ${index.last?.n ?? 0}.`,
      );
    }
    if (await assertNotBehind(reader, index)) await noteUncovered(reader, index, checkpointer);
  } finally {
    index.close();
  }
}

/** Answers whether a stream is ahead of its checkpoints. */
async function assertNotBehind(reader: LedgerReader, index: HeadIndex): Promise<boolean> {
  let known = 0;
  let isAhead = false;
  let differing: (StreamId & KnownHead)[] = [];
  for await (const { tenant, workflow, version, hash } of reader.ends()) {
    const head = index.latest({ tenant, workflow });
    if (head !== undefined) known++;
    isAhead ||= version > (head?.version ?? 0);
    if (head === undefined || (head.version === version && head.hash === hash)) continue;
    differing.push({ tenant, workflow, ...head });
    if (differing.length < COMPARED_AT_ONCE) continue;
    await assertThere(reader, differing);
    differing = [];
  }
  await assertThere(reader, differing);
  if (known < index.size) await assertThere(reader, await missing(reader, index));
  return isAhead;
}

/** The first stream that a checkpoint names and the log has not. */
async function missing(reader: LedgerReader, index: HeadIndex): Promise<(StreamId & KnownHead)[]> {
  for (const head of index.streams()) if ((await reader.stream(head)) === undefined) return [head];
  return [];
}

async function assertThere(reader: LedgerReader, heads: readonly (StreamId & KnownHead)[]): Promise<void> {
  const hashes = await reader.eventHashes(heads);
  for (const [at, { tenant, workflow, n, version, hash }] of heads.entries()) {
    if (hashes[at] === hash) continue;
    const what = hashes[at] === undefined ? 'is gone' : 'is another one';
    const detail = `Event ${version} of workflow ${workflow} ${what} since checkpoint ${n}.`;
    throw new InterlockError('LOG_BROKEN', detail, { data: { tenant, workflow, seq: version, checkpoint: n } });
  }
}

async function noteUncovered(
  reader: LedgerReader,
  index: HeadIndex,
  checkpointer: Pick<Checkpointer, 'note'>,
): Promise<void> {
  for await (const stream of reader.streams()) {
    const covered = index.latest(stream)?.version ?? 0;
    const { tenant, workflow, version, hash, at } = stream;
    if (version > covered) checkpointer.note({ tenant, workflow, version, hash, at, events: version - covered });
  }
}
