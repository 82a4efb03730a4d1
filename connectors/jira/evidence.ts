import type { Evidence, Repeat } from '../../src/connector/contract.ts';

export const sdk = (source: string): Evidence => ({ mark: 'sdk', source: `${source} (jira.js)` });

export const once = (
  source: string,
  mark: Evidence['mark'] = 'sdk',
): Extract<Repeat, { readonly class: 'at-most-once' }> => ({
  class: 'at-most-once',
  evidence: { mark, source: `${source} takes no idempotency key` },
});

/** Nothing beside our memory says so. */
export const mem = (source: string): Evidence => ({ mark: 'mem', source });

/** PUT names what it sets. */
export const idempotent = (source: string): Extract<Repeat, { readonly class: 'naturally-idempotent' }> => ({
  class: 'naturally-idempotent',
  evidence: sdk(`${source}: sets what is given (RFC 9110 §9.2.2)`),
});
