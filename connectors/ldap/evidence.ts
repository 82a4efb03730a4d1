import type { Evidence, Repeat } from '../../src/connector/contract.ts';

/** An RFC of the protocol. */
export const rfc = (source: string): Evidence => ({ mark: 'spec', source });
/** A server's own manual. */
export const doc = (source: string): Evidence => ({ mark: 'doc', source });
export const mem = (source: string): Evidence => ({ mark: 'mem', source });

export const ONCE: Extract<Repeat, { readonly class: 'at-most-once' }> = {
  class: 'at-most-once',
  evidence: rfc(
    'RFC 4511 names no idempotency key; §4.7 entryAlreadyExists, §4.8 and §4.9 noSuchObject the second time',
  ),
};

/** Written only where it is not so already, on the condition that it is still as it was read. */
export const SAME_VALUES: Extract<Repeat, { readonly class: 'naturally-idempotent' }> = {
  class: 'naturally-idempotent',
  evidence: rfc(
    'RFC 4511 §4.6: replace sets the values whatever was there, add and delete of a value fail the second time (20, 16); RFC 4528: asserted',
  ),
};
