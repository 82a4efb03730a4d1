import type { ChainProblemKind } from '../workflow/chain.ts';
import type { CheckpointProblemKind } from './read-checkpoints.ts';

/**
 * Besides the breaks of a chain and of the checkpoints: `truncated`, the end of a workflow is gone; `removed`, all of it
 * is; `rewritten`, it verifies but is not what a checkpoint says it was; `summary`, the summary disagrees with the
 * events; `file`, the store cannot be read or is damaged; `export`, a line of an export is wrong.
 */
export type FindingKind =
  | ChainProblemKind
  | CheckpointProblemKind
  | 'truncated'
  | 'removed'
  | 'rewritten'
  | 'summary'
  | 'file'
  | 'export';

/** One place where the log is not what it was. */
export interface Finding {
  readonly kind: FindingKind;
  readonly tenant?: string | undefined;
  readonly workflow?: string | undefined;
  /** The event that is wrong or gone; for `rewritten`, the first one known to be another. */
  readonly seq?: number | undefined;
  /** One plain sentence. */
  readonly detail: string;
}

/** More are counted, not kept. */
const KEPT_FINDINGS = 1_000;

export interface Verdict {
  readonly streams: number;
  readonly events: number;
  /** Events whose payload was erased: allowed, and counted. */
  readonly erased: number;
  /** Workflows of which a payload is gone that no recorded erasure covers: the chain is whole, and they do not open. */
  readonly unrecorded: number;
  /** Checkpoints that were read; 0 where there are none, and then a rewrite of a whole chain cannot be seen. */
  readonly checkpoints: number;
  /** The first 1,000, in the order they were met. */
  readonly findings: readonly Finding[];
  readonly findingCount: number;
}

/** What a verification counts and finds as it goes. */
export class Tally {
  streams = 0;
  events = 0;
  erased = 0;
  unrecorded = 0;
  checkpoints = 0;
  readonly #findings: Finding[] = [];
  #findingCount = 0;

  report(finding: Finding): void {
    this.#findingCount++;
    if (this.#findings.length < KEPT_FINDINGS) this.#findings.push(finding);
  }

  verdict(): Verdict {
    const { streams, events, erased, unrecorded, checkpoints } = this;
    const counted = { streams, events, erased, unrecorded, checkpoints };
    return { ...counted, findings: this.#findings, findingCount: this.#findingCount };
  }
}
