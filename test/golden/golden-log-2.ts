import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkflowView } from '../../src/action/view.ts';
import type { Json } from '../../src/lib/json.ts';

/** What format 1 came to hold later: signals, provenance, freezes and quarantine. Once it is released, no file in it changes any more. */
export const GOLDEN_2 = new URL('./v2', import.meta.url).pathname;

export interface Recorded2 {
  /** The hash that decisions name. */
  readonly policySet: string;
  /** By `tenant/workflow`: what is frozen and in quarantine at the end. */
  readonly contained: Readonly<Record<string, Json>>;
}

export function readRecorded2(): Recorded2 {
  return JSON.parse(readFileSync(join(GOLDEN_2, 'recorded.json'), 'utf8'));
}

export function containmentOf({ freezes, quarantine, openers, version, head }: WorkflowView): Json {
  return {
    version,
    head,
    openers: [...openers].sort(),
    frozen: { tenant: freezes.tenant, agents: [...freezes.agents].sort(), systems: [...freezes.systems].sort() },
    quarantine: { sessions: [...quarantine.sessions].sort(), resources: [...quarantine.resources].sort() },
  };
}
