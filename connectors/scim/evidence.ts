import type { Evidence, Repeat } from '../../src/connector/contract.ts';

/** RFC 7643 and RFC 7644: the protocol's own text. */
export const rfc = (source: string): Evidence => ({ mark: 'spec', source });

/** What single vendors do, told by others. */
export const said = (source: string): Evidence => ({ mark: '3rd', source });

export const NO_KEY: Extract<Repeat, { readonly class: 'at-most-once' }> = {
  class: 'at-most-once',
  evidence: rfc('RFC 7644 names no idempotency key; If-Match (§3.14) is optional'),
};

/** Setting the same values, or the same members, again changes nothing. */
export const SAME_VALUES: Extract<Repeat, { readonly class: 'naturally-idempotent' }> = {
  class: 'naturally-idempotent',
  evidence: rfc(
    'RFC 7644 §3.5.2.1 and §3.5.2.3: adding or replacing with a value that is there already changes nothing; §3.5.1: PUT replaces',
  ),
};
