import type { Evidence, Repeat } from '../../src/connector/contract.ts';

export const spec = (source: string): Evidence => ({ mark: 'spec', source });

/** None of the operations takes an idempotency key [spec: 2.3.0]; those that generate are billed every time. */
export const once = (source: string): Extract<Repeat, { readonly class: 'at-most-once' }> => ({
  class: 'at-most-once',
  evidence: spec(`${source} takes no idempotency key`),
});
