import type { Caller, Interlock, Operator } from '../../src/gate/interlock.ts';
import { RIGHTS } from '../../src/gate/interlock.ts';
import { InterlockError } from '../../src/lib/errors.ts';

export const TENANT = 'parity';
const GROUPS = ['security', 'operations', 'finance'];

/** Runs the agents and administers. */
export const PERSON: Operator = {
  kind: 'operator',
  id: 'person',
  tenant: TENANT,
  rights: new Set(RIGHTS),
  groups: GROUPS,
};
/** Whoever runs agents answers no questions of theirs. */
export const APPROVER: Operator = { ...PERSON, id: 'approver' };

export interface Agent {
  readonly workflow: string;
  readonly session: string;
  readonly token: string;
  readonly caller: Caller;
  /** The call under way: its answer comes after `release`. */
  underWay?: { readonly call: number; readonly release: () => void; readonly answer: Promise<unknown> } | undefined;
}

/**
 * Whose token it is. Once a gateway has heard of a revocation it refuses the token; until then its decision does, and it
 * is the decision that is compared: it is asked for in either case.
 */
export function callerAt(interlock: Interlock, { token, caller }: Agent): Promise<Caller> {
  return interlock.authenticate(token).catch(() => caller);
}

/** An answer without what names its log, or an error as the code that its caller is told. */
export async function told(ask: () => Promise<unknown>): Promise<unknown> {
  try {
    const answer = await ask();
    if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return answer;
    const { durability: _, ...rest } = answer as { readonly durability?: unknown }; // an answer of the gate has one
    return rest;
  } catch (thrown) {
    if (!(thrown instanceof InterlockError)) throw thrown;
    return { code: thrown.code, detail: thrown.message };
  }
}
