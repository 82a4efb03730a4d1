import type { Evidence, Repeat } from '../../src/connector/contract.ts';

/** Microsoft's metadata of Graph v1.0 (CSDL). */
export const csdl = (source: string): Evidence => ({ mark: 'spec', source: `CSDL v1.0: ${source}` });

/** Microsoft's reference pages and concept articles. */
export const doc = (source: string): Evidence => ({ mark: 'doc', source });

export const mem = (source: string): Evidence => ({ mark: 'mem', source });

/** `client-request-id` is for tracing; Graph publishes no idempotency key. */
export const NO_KEY: Extract<Repeat, { readonly class: 'at-most-once' }> = {
  class: 'at-most-once',
  evidence: doc('Graph publishes no idempotency key; client-request-id only traces'),
};

/** For what writes the same values again. */
export const SAME_VALUES: Extract<Repeat, { readonly class: 'naturally-idempotent' }> = {
  class: 'naturally-idempotent',
  evidence: doc('PATCH sets the given properties to the given values and leaves the others'),
};
