import type { StreamId } from '../action/log-port.ts';
import { principalOf, type WorkflowView } from '../action/view.ts';
import { InterlockError } from '../lib/errors.ts';
import type { Workflows } from '../workflow/workflows.ts';
import type { VerifyOperator } from './api-keys.ts';
import type { AgentCaller, Caller, Operator, Right } from './interlock.ts';
import { readSessionToken, type SessionToken } from './session-token.ts';

/** Finds out who a bearer credential belongs to. Throws UNAUTHENTICATED, with the same words whatever is wrong. */
export async function authenticate(
  bearer: string,
  { workflows, operators }: { readonly workflows: Workflows; readonly operators: readonly VerifyOperator[] },
): Promise<Caller> {
  const token = readSessionToken(bearer);
  if (token !== undefined) return agentOf(token, workflows);
  for (const verify of operators) {
    const operator = await verify(bearer);
    if (operator !== undefined) return operator;
  }
  throw new InterlockError('UNAUTHENTICATED');
}

async function agentOf(token: SessionToken, workflows: Workflows): Promise<AgentCaller> {
  const stream = { tenant: token.tenant, workflow: token.workflow };
  const load = async (how: 'load' | 'fresh'): Promise<WorkflowView> => (await workflows[how](stream)).view;
  try {
    const known = await load('load');
    // Another gateway may have opened it.
    const view = known.sessions.has(token.session) ? known : await load('fresh');
    const session = view.sessions.get(token.session);
    if (session === undefined || session.tokenDigest !== token.digest) throw new InterlockError('UNAUTHENTICATED');
    if (session.revoked) throw new InterlockError('UNAUTHENTICATED', 'the agent session was revoked');
    return { kind: 'agent', principal: principalOf(view, session) };
  } catch (thrown) {
    if (thrown instanceof InterlockError && thrown.code === 'NOT_FOUND') throw new InterlockError('UNAUTHENTICATED');
    throw thrown;
  }
}

/** The operator, if it has one of the rights. Throws FORBIDDEN naming what is missing. */
export function operatorWith(caller: Caller, ...rights: readonly Right[]): Operator {
  if (caller.kind !== 'operator') throw new InterlockError('FORBIDDEN', 'an agent’s session token may not do this');
  if (!rights.some((right) => caller.rights.has(right)))
    throw new InterlockError('FORBIDDEN', `this takes the right ${rights.join(' or ')}`);
  return caller;
}

/** The agent. Throws FORBIDDEN for anybody else. */
export function agentCaller(caller: Caller): AgentCaller {
  if (caller.kind !== 'agent') throw new InterlockError('FORBIDDEN', 'this takes the token of an agent session');
  return caller;
}

/** The workflow as the caller may see it: its own, or one of its tenant. Anything else is NOT_FOUND. */
export function visibleStream(caller: Caller, workflow: string): StreamId {
  if (caller.kind === 'operator') {
    operatorWith(caller, 'open', 'administer', 'approve');
    return { tenant: caller.tenant, workflow };
  }
  if (caller.principal.workflow !== workflow) throw new InterlockError('NOT_FOUND', 'there is no such workflow');
  return { tenant: caller.principal.tenant, workflow };
}
