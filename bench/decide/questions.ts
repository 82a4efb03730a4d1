import type { Action } from '../../src/action/action.ts';
import type { StreamId } from '../../src/action/log-port.ts';
import {
  CedarDatetime,
  EntityRef,
  type PolicyRecord,
  type PolicyRequest,
  type PolicyValue,
} from '../../src/action/policy-port.ts';
import { Registry } from '../../src/connector/registry.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { buildPolicyRequest } from '../../src/policy/build-request.ts';
import { operationMapping } from '../../src/policy/operation-mapping.ts';
import { chainEvents, genesisHash, parseEvent } from '../../src/workflow/chain.ts';
import { FoldedView } from '../../src/workflow/view.ts';
import { pastEvents, sessionAt, USER } from '../past-events.ts';
import { OPERATIONS } from './rules.ts';
import { NOTES, type TicketInput, ticketsConnector } from './tickets.ts';

/** One action that the policies are asked about, as each engine takes it. */
export interface Question {
  readonly operation: string;
  /** What the rules must answer. */
  readonly allowed: boolean;
  /** What Interlock's evaluator is asked, over the live view by reference. */
  readonly request: PolicyRequest;
  /** Makes `request` again, as the gate does for each decision. */
  build(): PolicyRequest;
  /** The same context as plain data, for engines that know nothing of entities. */
  readonly context: PlainRecord;
}

export type Plain = string | number | boolean | readonly Plain[] | PlainRecord;
export interface PlainRecord {
  readonly [name: string]: Plain;
}

export type ContextSize = 'small' | 'large';

export interface Situation {
  readonly size: ContextSize;
  /** Of the workflow in which the actions happen. */
  readonly events: number;
}

const STREAM: StreamId = { tenant: 'bench', workflow: 'wf_decide' };
const T0 = Date.UTC(2026, 0, 5);

/** Asks for the 16 actions of the bench in one situation, half of which the rules allow. */
export async function questionsIn({ size, events }: Situation): Promise<readonly Question[]> {
  const log = (): void => undefined;
  const instance = { system: 'tickets', connector: ticketsConnector, settings: {} };
  const registry = await Registry.connect([instance], { clock: systemClock, baseDirectory: '.', log });
  const normalise = (operation: string, input: TicketInput, { session, id = 'act' }: Actor): Action => {
    const principal = { ...STREAM, session, agent: session.replace('ses', 'agent'), onBehalfOf: USER.id };
    return registry.normalise({ call: { operation, input }, id, mode: 'run', principal });
  };
  const view = foldedView(events, normalise);
  const descriptors = new Map(registry.catalog.operations.map((each) => [each.operation, each] as const));
  return OPERATIONS.flatMap((operation, variant) => {
    const descriptor = descriptors.get(operation);
    if (descriptor === undefined) throw new Error(`The catalog lacks ${operation}.`);
    const mapping = operationMapping(descriptor);
    return CASES.map(({ allowed, exposed = false, input }): Question => {
      const action = normalise(operation, ticket(size, variant, input(variant)), {
        session: sessionAt(exposed ? 1 : 0),
      });
      const build = (): PolicyRequest => buildPolicyRequest({ action, view, now: T0, mapping });
      const request = build();
      return { operation, allowed, request, build, context: plainRecord(request.context) };
    });
  });
}

interface Actor {
  readonly session: string;
  readonly id?: string;
}

/** A workflow whose agents, all but the first, have read what carries labels. */
function foldedView(
  events: number,
  normalise: (operation: string, input: TicketInput, actor: Actor) => Action,
): FoldedView {
  const past = pastEvents({
    stream: STREAM,
    agents: events >= 100 ? 10 : 2,
    events,
    actionOf: (index, session) => {
      const variant = index % OPERATIONS.length;
      const input = { ...ticket('small', variant, {}), id: `INC${index}` };
      const action = normalise(OPERATIONS[variant] ?? '', input, { session, id: `act_${index}` });
      if (session === sessionAt(0)) return action;
      return { ...action, effect: { ...action.effect, kind: 'read' }, labels: ['label-0', 'label-1'] };
    },
  });
  const view = new FoldedView(STREAM, genesisHash(STREAM));
  const chained = chainEvents({ stream: STREAM, head: undefined, events: [...past], now: T0, salt: () => 'salt' });
  for (const event of chained) view.apply(parseEvent(event));
  return view;
}

interface Case {
  readonly allowed: boolean;
  /** The agent that acts has read what carries labels. */
  readonly exposed?: boolean;
  /** The part that differs; `variant` as in the rules. */
  readonly input: (variant: number) => Partial<TicketInput>;
}

/** What the rules of one variant allow, and what each of their parts denies. */
const CASES: readonly Case[] = [
  { allowed: true, input: () => ({}) },
  { allowed: true, input: (variant) => ({ group: 'elsewhere', category: `category-${variant}` }) },
  { allowed: true, exposed: true, input: (variant) => ({ category: `category-${variant}` }) },
  { allowed: true, input: (variant) => ({ tags: [`freeze-${variant}`], environment: 'production' }) },
  { allowed: false, input: () => ({ escalated: true }) },
  {
    allowed: false,
    input: (variant) => ({ tags: [`freeze-${variant}`], environment: 'production', users: 20_000 }),
  },
  { allowed: false, exposed: true, input: () => ({ major: true }) },
  { allowed: false, input: (variant) => ({ recipients: [`blocked-${variant}@outside.example`] }) },
];

/** The two sets of a large one have a hundred members; what matters stands last. */
const MEMBERS: Readonly<Record<ContextSize, number>> = { small: 2, large: 100 };

function ticket(
  size: ContextSize,
  variant: number,
  { tags = [], recipients = [], ...rest }: Partial<TicketInput>,
): TicketInput {
  const members = MEMBERS[size];
  const fill = (own: readonly string[], text: (index: number) => string): string[] => [
    ...Array.from({ length: members - own.length }, (_, index) => text(index)),
    ...own,
  ];
  return {
    ...{ id: 'INC0048213', group: `desk-${variant}`, category: 'other', environment: 'staging' },
    ...{ escalated: false, major: false, users: 140 },
    ...rest,
    tags: fill(tags, (index) => `tag-${index}`),
    recipients: fill(recipients, (index) => `someone-${index}@example.com`),
    notes: Object.fromEntries(
      NOTES.slice(0, size === 'small' ? 1 : NOTES.length).map((name, index) => [
        name,
        { author: `usr-${1_000 + index}`, text: 'Asked.', visible: index % 2 === 0 },
      ]),
    ),
  };
}

function plainRecord(record: PolicyRecord): PlainRecord {
  const known = Object.entries(record).flatMap(([name, value]) => (value === undefined ? [] : [[name, plain(value)]]));
  return Object.fromEntries(known);
}

/** Entities by their ids, points in time in milliseconds, sets as lists. */
function plain(value: PolicyValue): Plain {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object') return value;
  if (value instanceof EntityRef) return value.id;
  if (value instanceof CedarDatetime) return Number(value.epochMs);
  if (value instanceof Set || Array.isArray(value)) return Array.from(value as Iterable<PolicyValue>, plain); // both hold policy values
  return plainRecord(value as PolicyRecord); // no other value occurs in a context
}
