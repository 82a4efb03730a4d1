import { setImmediate } from 'node:timers/promises';
import type { Head, StreamId } from '../action/log-port.ts';
import { InterlockError } from '../lib/errors.ts';
import type { LedgerReader } from '../workflow/log-reader.ts';
import { openVerifyingKey } from './checkpoint-key.ts';
import { type Finding, Tally, type Verdict } from './finding.ts';
import { HeadIndex } from './head-index.ts';
import { loadCheckpoints } from './load-checkpoints.ts';
import { StreamVerifier } from './stream-verifier.ts';

export interface VerifyRequest {
  readonly reader: LedgerReader;
  readonly checkpointDirectory?: string | undefined;
  /** PEM, kept elsewhere; without it the one in the checkpoint folder. */
  readonly publicKey?: string | undefined;
}

/**
 * Reads the whole log and says where it is not what was written: a changed, missing or moved event, a cut end, a removed,
 * swapped or rewritten workflow, checkpoints that were forged, cut or moved. Works beside a running gateway and in constant
 * memory. Never throws for a broken log; what it could not read is a finding.
 */
export async function verifyLog({
  reader,
  checkpointDirectory: directory,
  publicKey,
}: VerifyRequest): Promise<Verdict> {
  const tally = new Tally();
  const index = new HeadIndex();
  try {
    // In this order, because the writer goes on: what is read first can only be behind what is read later.
    const keyId = directory === undefined ? undefined : openVerifyingKey(directory, publicKey)?.keyId;
    const mark = await reader.lastCheckpoint(keyId);
    await loadCheckpoints({ directory, publicKey }, index, tally);
    if (directory !== undefined && mark !== undefined && mark.n > (index.last?.n ?? 0)) {
      const detail = `the log knows checkpoint ${mark.n}, but the last valid one is ${index.last?.n ?? 0}`;
      tally.report({ kind: 'checkpoint-cut', detail });
    }
    await guarded(tally, () => verifyStreams(reader, index, tally));
    await guarded(tally, () => verifyPresence(reader, index, tally));
    await guarded(tally, () => verifyFile(reader, tally));
    return tally.verdict();
  } finally {
    index.close();
  }
}

async function verifyStreams(reader: LedgerReader, index: HeadIndex, tally: Tally): Promise<void> {
  for await (const listing of reader.streams()) {
    const { tenant, workflow } = listing;
    const verifier = new StreamVerifier(listing, index, tally);
    const place = () => ({ tenant, workflow, seq: (verifier.head?.version ?? 0) + 1 });
    await guarded(tally, () => verifyStream(reader, listing, verifier), place);
    await setImmediate();
  }
}

async function verifyStream(reader: LedgerReader, before: StreamId & Head, verifier: StreamVerifier): Promise<void> {
  const { version, hash, at } = before;
  let summed = version === 0;
  for await (const event of reader.events(before)) {
    verifier.event(event);
    if (event.seq === version) summed = event.hash === hash && event.at === at;
  }
  verifier.end();
  const last = verifier.head?.version ?? 0;
  // The writer may have gone on since the summary was read: it may be behind the events, but only as long as it moves too.
  const now = (await reader.stream(before))?.version ?? 0;
  if (last < version)
    verifier.report('truncated', last + 1, `the summary knows ${version} events, but the last one is ${last}`);
  else if (last > now)
    verifier.report('summary', now + 1, `the summary ends at event ${now}, but there are events up to ${last}`);
  else if (!summed) verifier.report('summary', version, `the summary does not match event ${version}`);
}

/** Streams that a checkpoint saw and the log does not list. */
async function verifyPresence(reader: LedgerReader, index: HeadIndex, tally: Tally): Promise<void> {
  for (const { tenant, workflow, version, n } of index.streams()) {
    if ((await reader.stream({ tenant, workflow })) !== undefined) continue;
    tally.report({
      kind: 'removed',
      tenant,
      workflow,
      seq: 1,
      detail: `the workflow with ${version} events, which checkpoint ${n} saw, is gone`,
    });
  }
  const expected = index.last?.streams ?? 0;
  if (tally.streams < expected) {
    tally.report({
      kind: 'removed',
      detail: `the last checkpoint counts ${expected} workflows, but the log has ${tally.streams}`,
    });
  }
}

async function verifyFile(reader: LedgerReader, tally: Tally): Promise<void> {
  for await (const detail of reader.damage()) tally.report({ kind: 'file', detail });
}

/** What cannot be read is a finding, and the rest is still verified. */
async function guarded(
  tally: Tally,
  verify: () => void | Promise<void>,
  place?: () => Pick<Finding, 'tenant' | 'workflow' | 'seq'>,
): Promise<void> {
  try {
    await verify();
  } catch (error) {
    if (!(error instanceof InterlockError) || error.code !== 'LOG_BROKEN') throw error;
    tally.report({ kind: 'file', ...place?.(), detail: error.message });
  }
}
