import type { Evidence, Repeat } from '../../src/connector/contract.ts';

export const spec = (source: string): Evidence => ({ mark: 'spec', source });

/** PUT and PATCH name what they set. */
export const idempotent = (source: string): Extract<Repeat, { readonly class: 'naturally-idempotent' }> => ({
  class: 'naturally-idempotent',
  evidence: spec(`${source}; the path names it (RFC 9110 §9.2.2)`),
});

export const once = (source: string): Extract<Repeat, { readonly class: 'at-most-once' }> => ({
  class: 'at-most-once',
  evidence: spec(`${source} takes no idempotency key`),
});
