import type { Evidence } from '../../src/connector/contract.ts';

/** What jsforce composes is the vendor's dialect as its client library speaks it. */
export const sdk = (source: string): Evidence => ({ mark: 'sdk', source: `jsforce 3.10: ${source}` });
export const doc = (source: string): Evidence => ({ mark: 'doc', source });
export const spec = (source: string): Evidence => ({ mark: 'spec', source: `Partner WSDL: ${source}` });
export const mem = (source: string): Evidence => ({ mark: 'mem', source });

/** What is published about a second call. */
export const NO_KEY = {
  class: 'at-most-once',
  evidence: doc(
    'REST guide v67.0: no idempotency key outside some UI-API records; only an upsert is called idempotent',
  ),
} as const;
