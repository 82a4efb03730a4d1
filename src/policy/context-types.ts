import { EFFECT_KINDS } from '../action/effect.ts';
import type { FactDescriptor } from '../action/fact.ts';
import {
  BOOLEAN,
  type CedarRecord,
  type CedarType,
  DATETIME,
  entity,
  LONG,
  optional,
  record,
  STRING,
  setOf,
} from './cedar-type.ts';
import { factsType } from './facts-context.ts';
import { provenanceType } from './provenance-context.ts';

/** The user for whom a workflow runs. */
export const USER = { shape: record({ groups: optional(setOf(STRING)) }) };

const longs = (names: readonly string[], wrap: (type: CedarType) => CedarType = (type) => type) =>
  record(Object.fromEntries(names.map((name) => [name, wrap(LONG)])));

const counted = {
  actions: LONG,
  denied: LONG,
  counts: { type: 'Interlock::Counts' },
  tokens: LONG,
  did: setOf(entity('Action')),
  deniedOperations: setOf(entity('Action')),
  systems: setOf(entity('System')),
  labels: setOf(entity('Label')),
} as const;

/** What the context of every action has in common; made by `build-request.ts`, documented in the policies' README. */
export const commonTypes: Readonly<Record<string, CedarType>> = {
  Counts: longs(EFFECT_KINDS),
  Limits: longs(['actions', 'tokens', ...EFFECT_KINDS], optional),
  Activity: record(counted),
  WorkflowActivity: record({ ...counted, agents: LONG }),
  Effect: record({
    kind: STRING,
    reversible: STRING,
    external: BOOLEAN,
    privileged: BOOLEAN,
    count: LONG,
    amount: optional(LONG),
    currency: optional(STRING),
    tokens: optional(LONG),
    dataClasses: setOf(entity('Label')),
  }),
};

/** The context of one operation; `input` is what policies see of what it is called with, `signals` of the past. */
export function actionContext(
  input: CedarRecord,
  signals: CedarRecord,
  {
    args = [],
    facts = [],
  }: { readonly args?: readonly string[]; readonly facts?: readonly FactDescriptor[] | undefined } = {},
): CedarRecord {
  return record({
    input,
    effect: { type: 'Interlock::Effect' },
    labels: setOf(entity('Label')),
    user: entity('Interlock::User'),
    hasMandate: BOOLEAN,
    workflow: { type: 'Interlock::WorkflowActivity' },
    agent: { type: 'Interlock::Activity' },
    limits: { type: 'Interlock::Limits' },
    remaining: { type: 'Interlock::Limits' },
    provenance: provenanceType(args),
    facts: factsType(facts),
    signals,
    now: DATETIME,
  });
}
