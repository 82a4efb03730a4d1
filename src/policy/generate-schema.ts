import { EFFECT_KINDS } from '../action/effect.ts';
import { WELL_KNOWN_LABELS } from '../action/labels.ts';
import type { Catalog, OperationDescriptor, ResourceTypeDescriptor } from '../action/operation-descriptor.ts';
import type { ResourceType } from '../action/resource.ts';
import { type Digest, sha256 } from '../lib/digest.ts';
import { InterlockError } from '../lib/errors.ts';
import { type CedarAttribute, type CedarRecord, type CedarType, optional, record } from './cedar-type.ts';
import { actionContext, commonTypes, USER } from './context-types.ts';
import { operationMapping } from './operation-mapping.ts';
import { SOURCE_ENTITY } from './provenance-context.ts';
import { NO_SIGNALS, type SignalCatalog } from './signals/check-signals.ts';

/** Cedar's JSON schema format: what is declared, by namespace; '' holds the actions and what they have in common. */
export type CedarSchemaJson = Readonly<Record<string, Namespace>>;

interface Namespace {
  readonly commonTypes?: Readonly<Record<string, CedarType>>;
  readonly entityTypes: Readonly<Record<string, EntityType>>;
  readonly actions: Readonly<Record<string, ActionType>>;
}

type EntityType =
  | { readonly enum: readonly string[] }
  | { readonly memberOfTypes?: readonly string[]; readonly shape?: CedarRecord };

export interface ActionType {
  readonly memberOf?: readonly { readonly id: string }[];
  readonly appliesTo?: {
    readonly principalTypes: readonly string[];
    readonly resourceTypes: readonly string[];
    readonly context: CedarRecord;
  };
}

export interface CedarSchema {
  readonly json: CedarSchemaJson;
  readonly hash: Digest;
}

/** The groups every action is sorted into, beside its system's; they exist even where no operation is in them. */
const GROUPS: readonly string[] = ['tool', 'data', 'model', 'write', ...EFFECT_KINDS];

/**
 * An action that never happens and belongs to every group: so a policy over a group that has no operation here is not
 * "impossible", while one that misspells a field still is.
 */
export const PLACEHOLDER = 'interlock.nothing.done';

/** The Cedar schema of everything the connectors declare. Throws CONNECTOR_INVALID where declarations clash. */
export function generateSchema(
  catalog: Catalog,
  signals: Pick<SignalCatalog, 'attributesOf'> = NO_SIGNALS,
): CedarSchema {
  const json = {
    '': commonNamespace(catalog, signals),
    Interlock: {
      commonTypes,
      entityTypes: { User: USER, Nothing: { memberOfTypes: ['System', 'Label'] }, ...SOURCE_ENTITY },
      actions: {},
    },
    ...resourceNamespaces(catalog),
  };
  return { json, hash: sha256(JSON.stringify(json)) };
}

function commonNamespace(catalog: Catalog, signals: Pick<SignalCatalog, 'attributesOf'>): Namespace {
  const taken = catalog.systems.find((system) => system === 'interlock' || GROUPS.includes(system));
  if (taken !== undefined)
    throw invalid(`${taken}: this name means a group of actions in policies; give the system another`);
  const systems = [...new Set(['interlock', ...catalog.systems])].sort();
  const labels = [...new Set([...WELL_KNOWN_LABELS, ...catalog.labels])].sort();
  const actions: Record<string, ActionType> = {};
  for (const group of [...GROUPS, ...systems]) actions[group] = {};
  actions[PLACEHOLDER] = {
    memberOf: GROUPS.map((id) => ({ id })),
    appliesTo: {
      principalTypes: ['Agent'],
      resourceTypes: ['Interlock::Nothing'],
      context: actionContext(record({}), record(signals.attributesOf(undefined)), { facts: catalog.facts }),
    },
  };
  for (const operation of catalog.operations) {
    if (Object.hasOwn(actions, operation.operation)) throw invalid(`${operation.operation}: declared twice`);
    actions[operation.operation] = actionType(operation, catalog, record(signals.attributesOf(operation.operation)));
  }
  return {
    entityTypes: {
      System: { enum: systems },
      Label: { enum: labels },
      AgentId: {},
      Agent: { memberOfTypes: ['AgentId', 'Label'] },
    },
    actions,
  };
}

function actionType(operation: OperationDescriptor, catalog: Catalog, signals: CedarRecord): ActionType {
  if (!catalog.systems.includes(operation.system))
    throw invalid(`${operation.operation}: the system ${operation.system} is not declared`);
  const groups = new Set<string>([operation.system, operation.activity, ...operation.effectKinds]);
  if (operation.effectKinds.some((kind) => kind !== 'read')) groups.add('write');
  return {
    memberOf: [...groups].map((id) => ({ id })),
    appliesTo: {
      principalTypes: ['Agent'],
      resourceTypes: operation.resourceTypes,
      context: actionContext(operationMapping(operation).cedar, signals, {
        args: Object.keys(operation.input.shape),
        facts: operation.facts,
      }),
    },
  };
}

function resourceNamespaces({ operations, resourceTypes }: Catalog): Record<string, Namespace> {
  const attributes = new Map<ResourceType, Map<string, CedarAttribute>>();
  for (const { resourceTypes: types } of operations) for (const type of types) attributes.set(type, new Map());
  for (const descriptor of resourceTypes)
    attributes.set(descriptor.type, withAttributes(attributes.get(descriptor.type), descriptor));
  const namespaces: Record<string, { entityTypes: Record<string, EntityType>; actions: Record<string, never> }> = {};
  for (const [type, declared] of attributes) {
    const { namespace, name } = namesOf(type);
    namespaces[namespace] ??= { entityTypes: {}, actions: {} };
    namespaces[namespace].entityTypes[name] = {
      memberOfTypes: ['System', 'Label'],
      shape: record(Object.fromEntries(declared)),
    };
  }
  return namespaces;
}

/** Two instances of one connector declare the same types; what they say of an attribute must agree. */
function withAttributes(
  known: ReadonlyMap<string, CedarAttribute> | undefined,
  { type, attributes }: ResourceTypeDescriptor,
): Map<string, CedarAttribute> {
  const all = new Map(known);
  for (const [name, kind] of Object.entries(attributes)) {
    const declared = optional({ type: kind === 'Bool' ? 'Boolean' : kind });
    const before = all.get(name);
    if (before !== undefined && before.type !== declared.type)
      throw invalid(`${type}.${name}: declared as ${before.type} and as ${declared.type}`);
    all.set(name, declared);
  }
  return all;
}

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Names that Cedar does not let a namespace declare again (RFC 70), or that it keeps for itself. */
const TAKEN_NAMES = new Set([
  'System',
  'Label',
  'AgentId',
  'Agent',
  'Action',
  'Bool',
  'Boolean',
  'Entity',
  'Extension',
  'Long',
  'Record',
  'Set',
  'String',
]);

function namesOf(type: ResourceType): { readonly namespace: string; readonly name: string } {
  const [namespace, name, ...rest] = type.split('::');
  if (
    namespace === undefined ||
    name === undefined ||
    rest.length > 0 ||
    !IDENTIFIER.test(namespace) ||
    !IDENTIFIER.test(name)
  ) {
    throw invalid(`${type}: a resource type is Namespace::Name, both letters, digits and _`);
  }
  if (namespace === 'Interlock' || type.includes('__'))
    throw invalid(`${type}: this name is not a connector's to give`);
  if (TAKEN_NAMES.has(name))
    throw invalid(`${type}: ${name} means something else in policies; choose a longer name, as ${namespace}${name}`);
  return { namespace, name };
}

function invalid(detail: string): InterlockError {
  return new InterlockError('CONNECTOR_INVALID', detail);
}
