import type { StoredEvent } from '../action/event.ts';
import type { StreamId } from '../action/log-port.ts';
import { InterlockError } from '../lib/errors.ts';
import type { LedgerReader } from '../workflow/log-reader.ts';
import { openVerifyingKey, type VerifyingKey } from './checkpoint-key.ts';
import { type Checkpoint, isSignedBy } from './checkpoint-line.ts';
import { readCheckpoints } from './read-checkpoints.ts';
import { judgeProof } from './verify-proof.ts';

interface ProofRequest {
  readonly reader: LedgerReader;
  readonly checkpointDirectory: string;
  /** PEM, kept elsewhere; without it the one in the checkpoint folder. */
  readonly publicKey?: string | undefined;
  readonly stream: StreamId;
  /** Left out: the last event that is under a checkpoint. */
  readonly seq?: number | undefined;
}

/**
 * The text of a proof, see `proofSchema`: from the event to the first signed head behind it. Throws NOT_FOUND for an event
 * that is not there or under no checkpoint yet, and LOG_BROKEN where it would prove nothing.
 */
export async function proveEvent(request: ProofRequest): Promise<string> {
  const { reader, stream, checkpointDirectory: directory, publicKey } = request;
  const { tenant, workflow } = stream;
  const key = openVerifyingKey(directory, publicKey);
  const covering = key && (await findCheckpoint(directory, key, request));
  if (key === undefined || covering === undefined) {
    const what = request.seq === undefined ? workflow : `event ${request.seq} of ${workflow}`;
    throw new InterlockError('NOT_FOUND', `No checkpoint covers ${what}.`);
  }
  const { seq = covering.version } = request;
  const [event, ...behind] = await eventsBetween(reader, stream, { seq, version: covering.version });
  if (event === undefined) throw new InterlockError('NOT_FOUND', `The log has no event ${seq} of ${workflow}.`);
  const links = behind.map(({ v, type, at, payloadDigest }) => ({ v, type, at, payloadDigest }));
  const proof = { proof: 1, tenant, workflow, event: { ...event, payload: event.payload ?? null }, links };
  const text = JSON.stringify({ ...proof, checkpoint: covering.checkpoint });
  const { problem } = judgeProof(text, key);
  if (problem !== undefined) throw new InterlockError('LOG_BROKEN', `Event ${seq} cannot be proved: ${problem}.`);
  return text;
}

/** The first checkpoint of this key that has the event behind it, or the last one that names the workflow. */
async function findCheckpoint(
  directory: string,
  key: VerifyingKey,
  { stream, seq }: Pick<ProofRequest, 'stream' | 'seq'>,
): Promise<{ readonly checkpoint: Checkpoint; readonly version: number } | undefined> {
  let found: { readonly checkpoint: Checkpoint; readonly version: number } | undefined;
  for await (const read of readCheckpoints(directory)) {
    if ('problem' in read) continue;
    const { checkpoint } = read;
    const head = checkpoint.heads.find(
      ({ tenant, workflow }) => tenant === stream.tenant && workflow === stream.workflow,
    );
    if (head === undefined || head.version < (seq ?? 0) || !isSignedBy(key, checkpoint)) continue;
    found = { checkpoint, version: head.version };
    if (seq !== undefined) return found;
  }
  return found;
}

async function eventsBetween(
  reader: LedgerReader,
  stream: StreamId,
  { seq, version }: { readonly seq: number; readonly version: number },
): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const event of reader.events(stream, seq - 1)) {
    if (event.seq > version) break;
    events.push(event);
  }
  return events;
}
