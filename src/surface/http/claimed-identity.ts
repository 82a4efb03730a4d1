import { z } from 'zod';
import type { Caller } from '../../gate/interlock.ts';
import { InterlockError } from '../../lib/errors.ts';

const claim = z.string().optional();

/** What an operator's call may say of who asks. */
export const operatorClaims = { tenant: claim.describe('Must be that of the credential.') };

/** What an agent's call may say of who asks. */
export const agentClaims = {
  ...operatorClaims,
  workflow: claim.describe('Must be that of the session token.'),
  session: claim.describe('Must be that of the session token.'),
  agent: claim.describe('Must be that of the session token.'),
  onBehalfOf: claim.describe('Must be that of the session token.'),
};

type Claims = { readonly [name in keyof typeof agentClaims]?: string | undefined };

/** Who asks comes from the credential alone; a call that says otherwise is refused with IDENTITY_MISMATCH. */
export function checkClaims(caller: Caller, claims: Claims): void {
  const known: Claims = caller.kind === 'agent' ? caller.principal : { tenant: caller.tenant };
  for (const name of Object.keys(agentClaims) as (keyof Claims)[]) {
    if (claims[name] !== undefined && claims[name] !== known[name]) {
      throw new InterlockError('IDENTITY_MISMATCH', `${name} is not that of the credential`);
    }
  }
}
