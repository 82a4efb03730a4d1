import type { Evidence, Repeat } from '../../src/connector/contract.ts';

export const spec = (source: string): Evidence => ({ mark: 'spec', source });

/** No operation that generates takes an idempotency key [spec: 2.3.0], and every call is billed. */
export const once = (source: string): Extract<Repeat, { readonly class: 'at-most-once' }> => ({
  class: 'at-most-once',
  evidence: spec(`${source} takes no idempotency key`),
});

export const idempotent = (source: string): Extract<Repeat, { readonly class: 'naturally-idempotent' }> => ({
  class: 'naturally-idempotent',
  evidence: spec(`${source}: the path names what is gone afterwards (RFC 9110 §9.2.2)`),
});
