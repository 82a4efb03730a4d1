import type { ErrorCode } from '../lib/errors.ts';
import type { Json } from '../lib/json.ts';

/** What really happened. `accepted`: it runs elsewhere and can be asked for. */
export type OutcomeStatus = 'succeeded' | 'failed' | 'accepted' | 'unknown';

/** What the caller sees of an outcome; `result` has its obligations applied. */
export interface Outcome {
  readonly status: OutcomeStatus;
  readonly result?: Json | undefined;
  readonly code?: ErrorCode | undefined;
  /** Safe to show: redacted, without secrets. */
  readonly detail?: string | undefined;
  /** How long the system wanted to be left alone when it refused. */
  readonly retryAfterMs?: number | undefined;
}
