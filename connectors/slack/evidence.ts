import type { Evidence, Repeat } from '../../src/connector/contract.ts';

export const sdk = (method: string): Evidence => ({ mark: 'sdk', source: `${method} (@slack/web-api)` });

export const once = (method: string): Extract<Repeat, { readonly class: 'at-most-once' }> => ({
  class: 'at-most-once',
  evidence: { mark: 'doc', source: `${method} names no idempotency key` },
});

export const idempotent = (
  method: string,
  why: string,
): Extract<Repeat, { readonly class: 'naturally-idempotent' }> => ({
  class: 'naturally-idempotent',
  evidence: { mark: 'doc', source: `${method}: ${why}` },
});
