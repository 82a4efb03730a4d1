import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Call } from '../../src/action/action.ts';
import type { AgentCaller, Caller, Interlock, Operator } from '../../src/gate/interlock.ts';
import { parseConfig } from '../../src/runtime/config.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import type { GatewayOptions } from '../../src/runtime/start-gateway.ts';
import { OPERATIONS, REFERENCE_INPUT, REFERENCE_OPERATION, ticketsConnector } from './reference-connector.ts';
import { REFERENCE_POLICIES } from './reference-policies.ts';

/** The reference action. */
export const REFERENCE_CALL: Call = { operation: REFERENCE_OPERATION, input: REFERENCE_INPUT };

const OPERATOR: Operator = { kind: 'operator', id: 'bench', tenant: 'bench', rights: new Set(['open']), groups: [] };

const SIGNALS = 'reference.signals.yaml';

/** What policies there are besides the reference ones, and the signals that they read. */
export interface More {
  readonly policies?: string;
  readonly signals?: string;
}

/** A gateway over the reference connector and policies (and more) with a log file, for `startGateway` or `startServer` on a free port. */
export function referenceOptions(directory: string, synchronous: 'off' | 'full', more: More = {}): GatewayOptions {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'reference.cedar'), REFERENCE_POLICIES + (more.policies ?? ''));
  if (more.signals !== undefined) writeFileSync(join(directory, SIGNALS), more.signals);
  const policies = ['reference.cedar', ...(more.signals === undefined ? [] : [SIGNALS])];
  const config = parseConfig(
    { data: 'data', log: { synchronous }, policies, listen: { port: 0 } },
    { file: 'bench', baseDirectory: directory },
  );
  return {
    config,
    connectors: [{ system: 'tickets', connector: ticketsConnector, settings: {} }],
    // One line a request, as `serve` writes it.
    logger: createLogger('info'),
  };
}

export interface ReferenceWorkflow {
  readonly id: string;
  /** One of its agents, and its bearer token. */
  readonly agent: AgentCaller;
  readonly token: string;
}

/** From so many earlier events on, a workflow has more agents, and actions among its events. */
export const LONG = 100;

/** A workflow that has `events` events (10 at least) before the first measured action: agents, what they did, and their messages. */
export async function openWorkflow(interlock: Interlock, events: number): Promise<ReferenceWorkflow> {
  const { agents, actions } = events >= LONG ? { agents: 10, actions: 20 } : { agents: 2, actions: 0 };
  const { id } = await interlock.open(OPERATOR, {
    onBehalfOf: { id: 'ada', groups: ['service-desk'] },
    mandate: 'Get the Lisbon office to sign in again.',
    limits: { update: 10_000 },
  });
  const sessions = await Promise.all(
    Array.from({ length: agents }, (_, index) => interlock.openSession(OPERATOR, id, { agent: `agent-${index}` })),
  );
  const callers = await Promise.all(sessions.map(({ token }) => interlock.authenticate(token)));
  const one = <T>(list: readonly T[], index: number): T => list[index % list.length] as T; // the lists are not empty
  await Promise.all(
    OPERATIONS.slice(0, actions).map(async (operation, index) =>
      mustBeAllowed(await interlock.run(one(callers, index), { ...REFERENCE_CALL, operation })),
    ),
  );
  const messages = events - 1 - agents - 2 * actions;
  await Promise.all(
    Array.from({ length: messages }, (_, index) =>
      interlock.message(one(callers, index), id, {
        to: one(sessions, index + 1).session,
        kind: 'message',
        text: 'The directory answers again; please have a look at the gateway.',
      }),
    ),
  );
  return { id, agent: agentOf(one(callers, 0)), token: one(sessions, 0).token };
}

function agentOf(caller: Caller): AgentCaller {
  if (caller.kind !== 'agent') throw new Error('The token of a session is not an agent’s.');
  return caller;
}

/** A bench that measured refusals would be fast and wrong. */
export function mustBeAllowed<T extends { readonly decision: string }>(answer: T): T {
  if (answer.decision !== 'allow') throw new Error(`The reference action was not allowed: ${JSON.stringify(answer)}`);
  return answer;
}
