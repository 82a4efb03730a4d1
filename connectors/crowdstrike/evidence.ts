import type { Evidence, Repeat } from '../../src/connector/contract.ts';

/** `METHOD /path (name)` as the vendor's own libraries have it (falconpy, gofalcon, crowdstrike-falcon). */
export const sdk = (source: string): Evidence => ({ mark: 'sdk', source });
export const mem = (source: string): Evidence => ({ mark: 'mem', source: `unverified: ${source}` });

export const ONCE: Extract<Repeat, { readonly class: 'at-most-once' }> = {
  class: 'at-most-once',
  evidence: sdk('no operation of the inventory but workflow executions takes a key that marks a repetition'),
};
