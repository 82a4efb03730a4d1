import { hash as hashOf } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { zstdCompress, zstdDecompressSync } from 'node:zlib';
import type { KeptSnapshot, StreamId } from '../../action/log-port.ts';
import { BOUNDS } from '../../lib/bounds.ts';
import type { FoldedView } from '../view.ts';
import { stateOf, type ViewState, viewOf } from './view-state.ts';

/** Raised with every change of what the fold makes or of how it is written down: older snapshots are folded anew. */
export const SNAPSHOT_FORMAT = 1;

/**
 * Tells own snapshots from those that somebody else wrote where they are kept. The log cannot be changed there unseen
 * either, but a snapshot is under no checkpoint.
 */
export interface SnapshotSeal {
  seal(text: string): string;
  isSealed(text: string, seal: string): boolean;
}

export interface SnapshotParts {
  /** What else must be the same for a snapshot to be used, as the version of the program. */
  readonly versions: readonly string[];
  readonly seal: SnapshotSeal;
}

/** First line of a snapshot; what follows is the state's JSON under Zstandard. */
interface Heading {
  readonly format: number;
  readonly seal: string;
}

/** Writes views down and brings them back. What is not sealed by us, for this very place in the log, is no snapshot. */
export class Snapshots {
  readonly #parts: SnapshotParts;

  constructor(parts: SnapshotParts) {
    this.#parts = parts;
  }

  /** The view as it is now, written down in turns with others; the packing itself happens on another thread. */
  async of(view: FoldedView): Promise<KeptSnapshot> {
    const stream = { tenant: view.tenant, workflow: view.id };
    const { version, head: hash } = view;
    const packed = await compress(await textOf(stateOf(view)));
    const seal = this.#parts.seal.seal(this.#statement(stream, { version, hash }, packed));
    const heading: Heading = { format: SNAPSHOT_FORMAT, seal };
    return { version, hash, bytes: Buffer.concat([Buffer.from(`${JSON.stringify(heading)}\n`), packed]) };
  }

  /** The view that was written down; undefined for a snapshot of another format, version or hand. */
  restore(stream: StreamId, { version, hash, bytes }: KeptSnapshot): FoldedView | undefined {
    try {
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const end = buffer.indexOf('\n');
      const { format, seal } = JSON.parse(buffer.toString('utf8', 0, end)) as Heading; // checked next
      const packed = buffer.subarray(end + 1);
      if (format !== SNAPSHOT_FORMAT) return undefined;
      if (!this.#parts.seal.isSealed(this.#statement(stream, { version, hash }, packed), seal)) return undefined;
      const text = zstdDecompressSync(packed, { maxOutputLength: BOUNDS.snapshotBytes }).toString();
      const view = viewOf(stream, JSON.parse(text) as ViewState); // the seal says that it was made here, of this format
      return view.version === version && view.head === hash ? view : undefined;
    } catch {
      // Whatever is wrong with it, the events tell the same.
      return undefined;
    }
  }

  #statement({ tenant, workflow }: StreamId, place: Pick<KeptSnapshot, 'version' | 'hash'>, packed: Buffer): string {
    const named = { tenant, workflow, ...place, versions: this.#parts.versions };
    return `interlock snapshot ${SNAPSHOT_FORMAT}\n${JSON.stringify(named)}\n${hashOf('sha256', packed)}`;
  }
}

/** Actions written down before others have their turn: a millisecond. */
const WRITTEN_AT_ONCE = 200;

async function textOf({ actions, ...rest }: ViewState): Promise<string> {
  const parts: string[] = [];
  for (let from = 0; from < actions.length; from += WRITTEN_AT_ONCE) {
    if (from > 0) await setImmediate();
    parts.push(JSON.stringify(actions.slice(from, from + WRITTEN_AT_ONCE)).slice(1, -1));
  }
  return `${JSON.stringify(rest).slice(0, -1)},"actions":[${parts.join(',')}]}`;
}

const compress: (text: string) => Promise<Buffer> = promisify(zstdCompress);
