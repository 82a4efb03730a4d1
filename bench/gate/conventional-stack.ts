import { hash } from 'node:crypto';
import { join } from 'node:path';
import {
  type EntityJson,
  preparsePolicySet,
  type StatefulAuthorizationCall,
  statefulIsAuthorized,
} from '@cedar-policy/cedar-wasm/nodejs';
import canonicalize from 'canonicalize';
import { pino } from 'pino';
import type { z } from 'zod';
import type { Contender, Running } from '../take-turns.ts';
import type { Level } from './levels.ts';
import { CONVENTIONAL } from './names.ts';
import { REFERENCE_INPUT, REFERENCE_OPERATION, ticketInput } from './reference-connector.ts';
import { PERMITTING, REFERENCE_POLICIES } from './reference-policies.ts';

const POLICY_SET = 'bench';

/**
 * What a careful team would put together from the usual libraries: zod parses, the official Cedar package decides over the
 * same policies in one call, `canonicalize` makes the RFC 8785 form of the record, SHA-256 chains it, pino writes it to a
 * file without syncing. It keeps its counters in an object, and neither executes nor records an outcome.
 */
export function conventionalStack(directory: string, level: Level): Running {
  const parsed = preparsePolicySet(POLICY_SET, { staticPolicies: policiesById() });
  if (parsed.type === 'failure') throw new Error(parsed.errors.map(({ message }) => message).join('; '));
  const destination = pino.destination({ dest: join(directory, 'conventional.jsonl'), sync: false });
  const logger = pino(destination);
  const state = { seq: 0, prev: hash('sha256', 'wf_1', 'hex'), updates: 0, denied: 0 };
  const decide = (): void => {
    const input = ticketInput.parse(REFERENCE_INPUT);
    const { decision, reasons } = judge(input, state);
    const record = {
      seq: ++state.seq,
      at: Date.now(),
      prev: state.prev,
      principal: 'ses_1',
      operation: REFERENCE_OPERATION,
      input,
      decision,
      reasons,
    };
    const text = canonicalize(record);
    if (text === undefined) throw new Error('The record has no canonical form.');
    state.prev = hash('sha256', text, 'hex');
    state.updates += 1;
    logger.info({ record, hash: state.prev });
  };
  const contender: Contender = { name: CONVENTIONAL, ...level, prepare: () => ({ operate: decide }) };
  return {
    contenders: [contender],
    close: async () => {
      const closed = Promise.withResolvers<void>();
      destination.once('close', closed.resolve);
      destination.end();
      await closed.promise;
    },
  };
}

interface Counters {
  readonly updates: number;
  readonly denied: number;
}

function judge(
  input: z.output<typeof ticketInput>,
  { updates, denied }: Counters,
): { readonly decision: string; readonly reasons: readonly string[] } {
  const { notes: _notes, ...seen } = input;
  const answer = statefulIsAuthorized({
    principal: AGENT,
    action: { type: 'Action', id: REFERENCE_OPERATION },
    resource: { type: 'Tickets::Ticket', id: input.id },
    context: {
      input: seen,
      effect: { kind: 'update', reversible: 'operation', external: false, privileged: false, count: 1 },
      workflow: { actions: updates, denied, counts: { update: updates } },
      agent: { actions: updates, denied, counts: { update: updates } },
      hasMandate: true,
    },
    entities: ENTITIES,
    preparsedPolicySetId: POLICY_SET,
  } satisfies StatefulAuthorizationCall);
  if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('; '));
  const { decision, diagnostics } = answer.response;
  if (decision !== 'allow' || diagnostics.reason.length !== PERMITTING.length)
    throw new Error(`The conventional stack decides otherwise: ${JSON.stringify(answer.response)}`);
  return { decision, reasons: diagnostics.reason };
}

const AGENT = { type: 'Agent', id: 'ses_1' };

const ENTITIES: EntityJson[] = [
  { uid: AGENT, attrs: {}, parents: [{ type: 'AgentId', id: 'agent-0' }] },
  {
    uid: { type: 'Tickets::Ticket', id: REFERENCE_INPUT.id },
    attrs: { environment: REFERENCE_INPUT.affected.environment },
    parents: [{ type: 'System', id: 'tickets' }],
  },
];

function policiesById(): Record<string, string> {
  const texts = REFERENCE_POLICIES.split(/(?=^@id)/m).filter((text) => text.startsWith('@id'));
  return Object.fromEntries(texts.map((text) => [/@id\("([^"]+)"\)/.exec(text)?.[1] ?? '', text]));
}
