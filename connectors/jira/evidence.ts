import type { Evidence, Repeat } from '../../src/connector/contract.ts';

export const sdk = (source: string): Evidence => ({ mark: 'sdk', source: `${source} (jira.js)` });

export const once = (source: string): Extract<Repeat, { readonly class: 'at-most-once' }> => ({
  class: 'at-most-once',
  evidence: sdk(`${source} takes no idempotency key`),
});

/** PUT names what it sets. */
export const idempotent = (source: string): Extract<Repeat, { readonly class: 'naturally-idempotent' }> => ({
  class: 'naturally-idempotent',
  evidence: sdk(`${source}: sets what is given (RFC 9110 §9.2.2)`),
});
