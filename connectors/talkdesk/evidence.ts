import type { Evidence, Repeat } from '../../src/connector/contract.ts';

export const spec = (source: string): Evidence => ({ mark: 'spec', source });
export const doc = (source: string): Evidence => ({ mark: 'doc', source });
export const mem = (source: string): Evidence => ({ mark: 'mem', source });

export const once = (source: string): Extract<Repeat, { readonly class: 'at-most-once' }> => ({
  class: 'at-most-once',
  evidence: spec(`${source} names no idempotency key`),
});

export const idempotent = (source: string): Extract<Repeat, { readonly class: 'naturally-idempotent' }> => ({
  class: 'naturally-idempotent',
  evidence: doc(source),
});
