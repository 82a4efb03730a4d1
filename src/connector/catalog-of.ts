import { type FactDescriptor, type OwnFact, speaksOf, USER_SUBJECT } from '../action/fact.ts';
import type { Catalog, OperationDescriptor, ResourceTypeDescriptor } from '../action/operation-descriptor.ts';
import type { ResourceType } from '../action/resource.ts';
import type { ConnectedSystem } from './contract.ts';
import { factDescriptor } from './fact-name.ts';
import type { RegisteredOperation } from './registered-operation.ts';

interface NamedSystem {
  readonly system: string;
  readonly connected: ConnectedSystem;
}

/** Everything that the connected systems declare, as policies are checked against it. */
export function catalogOf(
  systems: readonly NamedSystem[],
  operations: ReadonlyMap<string, RegisteredOperation>,
  ownFacts: readonly OwnFact[],
): Catalog {
  const types = new Map<string, ResourceTypeDescriptor>();
  for (const { connected } of systems) {
    for (const [type, attributes] of Object.entries(connected.resourceTypes)) {
      types.set(type, { type: type as ResourceType, attributes });
    }
  }
  const lookedUp = systems.flatMap(({ system, connected }) =>
    (connected.enrichers ?? []).map((enricher) => factDescriptor(system, enricher)),
  );
  const about = [...types.values()].map(({ type }) => type);
  const facts = [...lookedUp, ...ownFacts.map((fact) => ({ ...fact, about }))];
  return {
    systems: systems.map(({ system }) => system),
    labels: [...new Set(systems.flatMap(({ connected }) => connected.labels))].sort(),
    operations: [...operations.values()].map((operation) => descriptorOf(operation, facts)),
    resourceTypes: [...types.values()],
    facts,
  };
}

function descriptorOf(
  { name, system, definition }: RegisteredOperation,
  facts: readonly FactDescriptor[],
): OperationDescriptor {
  const types: readonly string[] = definition.resourceTypes;
  return {
    operation: name,
    system,
    title: definition.description,
    activity: definition.activity ?? 'tool',
    input: definition.input,
    facets: definition.facets?.schema,
    effectKinds: definition.kind === 'read' ? ['read'] : definition.effectKinds,
    resourceTypes: definition.resourceTypes,
    output: definition.output,
    facts: facts.filter(
      (fact) =>
        fact.about === USER_SUBJECT ||
        (speaksOf(fact.system, system) && fact.about.some((type) => types.includes(type))),
    ),
  };
}
