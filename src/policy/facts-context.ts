import { type FactDescriptor, type FactValue, factKey, subjectsOf } from '../action/fact.ts';
import type { PolicyRecord, PolicyValue } from '../action/policy-port.ts';
import type { ResourceRef } from '../action/resource.ts';
import type { WorkflowView } from '../action/view.ts';
import { BOOLEAN, type CedarRecord, type CedarType, LONG, optional, record, STRING, setOf } from './cedar-type.ts';

/** `context.facts` of one operation: what may be known, with its age in ms and the system that said so. */
export function factsType(facts: readonly FactDescriptor[]): CedarRecord {
  return record(Object.fromEntries(facts.map((fact) => [fact.name, optional(observed(fact))])));
}

function observed({ type }: FactDescriptor): CedarType {
  return record({ value: cedarType(type), ageMs: LONG, source: STRING });
}

function cedarType(type: FactDescriptor['type']): CedarType {
  if (typeof type === 'object') return setOf(STRING);
  return { String: STRING, Long: LONG, Bool: BOOLEAN }[type];
}

/** What is known and has not expired of the workflow's user and of one resource that an action of the system touches. */
export function factsRecord(
  facts: readonly FactDescriptor[],
  view: WorkflowView,
  { system, touched, now }: { readonly system: string; readonly touched: ResourceRef; readonly now: number },
): PolicyRecord {
  const known: Record<string, PolicyValue> = {};
  for (const descriptor of facts) {
    const [subject] = subjectsOf(descriptor, { user: view.onBehalfOf.id, system, resources: [touched] });
    const fact = subject && view.facts.get(factKey(descriptor.name, subject));
    if (fact === undefined || now >= fact.expiresAt || !isOfType(fact.value, descriptor.type)) continue;
    known[descriptor.name] = { value: fact.value, ageMs: now - fact.observedAt, source: fact.source };
  }
  return known;
}

/** An observation that was recorded when the connector declared another type is not known any more. */
export function isOfType(value: FactValue, type: FactDescriptor['type']): boolean {
  if (typeof type === 'object') return Array.isArray(value) && value.every((text) => typeof text === 'string');
  if (type === 'Long') return Number.isSafeInteger(value);
  return typeof value === (type === 'Bool' ? 'boolean' : 'string');
}
