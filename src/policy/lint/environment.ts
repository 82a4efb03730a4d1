import { EFFECT_KINDS } from '../../action/effect.ts';
import type { Catalog, OperationDescriptor } from '../../action/operation-descriptor.ts';
import type { EntityRef } from '../../action/policy-port.ts';
import { type ActionType, type CedarSchema, type CedarSchemaJson, PLACEHOLDER } from '../generate-schema.ts';
import { ANY, type Domain, type FieldDomain, meet, numbers } from './domain.ts';
import { entityType, fieldsOf, SAFE } from './type-domain.ts';
import { zodDomain } from './zod-domain.ts';

/** Everything that requests about one operation and one type of resource can be. */
export interface Environment {
  readonly operation: string;
  /** It stands for operations of systems that are not here: policies are written for those too. */
  readonly isElsewhere: boolean;
  /** The operation, and the groups that it is in. */
  readonly names: ReadonlySet<string>;
  readonly resourceType: string;
  /** `principal`, `action`, `resource`, `context`. */
  readonly variables: ReadonlyMap<string, Domain>;
  /** Of entities of a type, known or not. */
  attributes(type: string): ReadonlyMap<string, FieldDomain> | undefined;
  /** Whether an entity is in another one; undefined: that depends. */
  isIn(
    entity: { readonly variable?: string | undefined; readonly type: string },
    other: EntityRef,
  ): boolean | undefined;
}

/** One for each operation and each type of what it can touch. */
export function environmentsOf({ json }: CedarSchema, catalog: Catalog): readonly Environment[] {
  const operations = new Map(catalog.operations.map((operation) => [operation.operation, operation]));
  const common = new Map<string, ReadonlyMap<string, FieldDomain>>();
  const attributes = (type: string) => {
    const known = common.get(type);
    const declared = entityType(type, json);
    if (known !== undefined || declared === undefined) return known;
    // Nobody may have described the entity, so it has them or not.
    const fields = fieldsOf(('shape' in declared && declared.shape?.attributes) || {}, json);
    const optional = new Map([...fields].map(([name, { domain }]) => [name, { domain, isRequired: false }]));
    common.set(type, optional);
    return optional;
  };
  const shared = sharedContext(json);
  return Object.entries(json['']?.actions ?? {}).flatMap(([id, action]) => {
    if (action.appliesTo === undefined) return [];
    const context = contextOf(action.appliesTo, { json, shared, operation: operations.get(id) });
    return action.appliesTo.resourceTypes.map((resourceType) =>
      environment({ id, action, resourceType, context, json, attributes, system: operations.get(id)?.system }),
    );
  });
}

interface Shared {
  /** The JSON of its type, as the placeholder has it. */
  readonly type: string;
  readonly field: FieldDomain | undefined;
}

/** What most operations have in common: made once. */
function sharedContext(json: CedarSchemaJson): ReadonlyMap<string, Shared> {
  const attributes = json['']?.actions[PLACEHOLDER]?.appliesTo?.context.attributes ?? {};
  const fields = new Map(fieldsOf(attributes, json));
  for (const name of ['workflow', 'agent', 'limits']) narrow(fields, [name], notNegative);
  return new Map(
    Object.entries(attributes).map(([name, type]) => [name, { type: JSON.stringify(type), field: fields.get(name) }]),
  );
}

const NATURAL = numbers(0n, SAFE);

/** What is counted: a decision that would pass what can be counted exactly is refused before policies are asked. */
function notNegative(domain: Domain): Domain {
  if (domain.is === 'number') return meet(domain, NATURAL) ?? domain;
  if (domain.is !== 'record') return domain;
  const fields = [...domain.fields].map(
    ([name, field]) => [name, { ...field, domain: notNegative(field.domain) }] as const,
  );
  return { is: 'record', fields: new Map(fields) };
}

/** Replaces what stands at a path of fields. */
function narrow(
  fields: Map<string, FieldDomain>,
  [name = '', ...rest]: readonly string[],
  change: (domain: Domain) => Domain,
): void {
  const field = fields.get(name);
  if (field === undefined) return;
  if (rest.length === 0) fields.set(name, { ...field, domain: change(field.domain) });
  else if (field.domain.is === 'record') {
    const inside = new Map(field.domain.fields);
    narrow(inside, rest, change);
    fields.set(name, { ...field, domain: { is: 'record', fields: inside } });
  }
}

interface ContextParts {
  readonly json: CedarSchemaJson;
  readonly shared: ReadonlyMap<string, Shared>;
  readonly operation: OperationDescriptor | undefined;
}

function contextOf(
  { context }: NonNullable<ActionType['appliesTo']>,
  { json, shared, operation }: ContextParts,
): Domain {
  const fields = new Map<string, FieldDomain>();
  for (const [name, type] of Object.entries(context.attributes)) {
    const known = shared.get(name);
    const field = known?.type === JSON.stringify(type) ? known.field : fieldsOf({ [name]: type }, json).get(name);
    if (field !== undefined) fields.set(name, field);
  }
  if (operation !== undefined) narrow(fields, ['input'], (input) => zodDomain(operation.input, input));
  const kinds: readonly string[] = operation === undefined ? EFFECT_KINDS : [...operation.effectKinds, WORST];
  narrow(fields, ['effect', 'kind'], () => oneOf(kinds, EFFECT_KINDS));
  narrow(fields, ['effect', 'reversible'], () => oneOf(REVERSIBLE));
  narrow(fields, ['effect', 'count'], () => numbers(1n, SAFE));
  narrow(fields, ['effect', 'currency'], () => ({ is: 'string', accepts: (text) => text.length === CURRENCY_LENGTH }));
  return { is: 'record', fields };
}

/** What a call counts as that its connector cannot classify: it can happen to any operation. */
const WORST = 'execute';
const REVERSIBLE = ['operation', 'window', 'no'];
/** ISO 4217. */
const CURRENCY_LENGTH = 3;

function oneOf(values: readonly string[], words: readonly string[] = values): Domain {
  return { is: 'string', values: new Set(values), words: new Set(words) };
}

interface EnvironmentParts {
  readonly id: string;
  readonly action: ActionType;
  readonly resourceType: string;
  readonly context: Domain;
  readonly json: CedarSchemaJson;
  readonly attributes: Environment['attributes'];
  readonly system: string | undefined;
}

function environment(parts: EnvironmentParts): Environment {
  const { id, action, resourceType, context, json, attributes, system } = parts;
  const names = new Set([id, ...(action.memberOf ?? []).map((group) => group.id)]);
  const isElsewhere = id === PLACEHOLDER;
  const parentsOf = (type: string): readonly string[] => {
    const declared = entityType(type, json);
    return declared !== undefined && 'memberOfTypes' in declared ? (declared.memberOfTypes ?? []) : [];
  };
  return {
    operation: id,
    isElsewhere,
    names,
    resourceType,
    variables: new Map<string, Domain>([
      ['principal', { is: 'entity', type: 'Agent' }],
      ['action', { is: 'entity', type: 'Action', ids: isElsewhere ? undefined : new Set([id]) }],
      ['resource', isElsewhere ? ANY : { is: 'entity', type: resourceType }],
      ['context', context],
    ]),
    attributes,
    isIn: ({ variable, type }, other) => {
      if (variable === 'action' && other.type === 'Action')
        return isElsewhere ? (names.has(other.id) ? undefined : false) : names.has(other.id);
      if (variable === 'resource' && other.type === 'System') return isElsewhere ? undefined : other.id === system;
      if (type === other.type || type === 'Action') return undefined;
      return parentsOf(type).includes(other.type) ? undefined : false;
    },
  };
}
