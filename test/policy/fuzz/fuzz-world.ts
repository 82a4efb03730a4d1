import { EntityRef, type PolicyEntity, type PolicyRecord, type PolicyValue } from '../../../src/action/policy-port.ts';
import type { Chance } from './chance.ts';
import {
  ACTION_TYPES,
  DATETIMES,
  DECIMALS,
  DURATIONS,
  ENTITY_TYPES,
  IDS,
  IPS,
  LARGE_LONGS,
  NAMES,
  SMALL_LONGS,
  STRANGE_TYPE,
  TEXTS,
} from './pools.ts';
import type { FieldType, RecordType, ValueType } from './value-type.ts';

/** What a set of policies is about: types, the entities that are described, and what a context has. */
export interface FuzzWorld {
  readonly entityTypes: readonly EntityType[];
  readonly actions: readonly EntityRef[];
  readonly context: RecordType;
  readonly entities: readonly (readonly [EntityRef, PolicyEntity])[];
}

export interface EntityType {
  readonly name: string;
  readonly shape: RecordType;
  /** Undefined: entities of this type have no tags. */
  readonly tags: ValueType | undefined;
}

export interface FuzzRequest {
  readonly principal: EntityRef;
  readonly action: EntityRef;
  readonly resource: EntityRef;
  readonly context: PolicyRecord;
}

const PRIMITIVES = ['Bool', 'Long', 'Long', 'String', 'String', 'decimal', 'datetime', 'duration', 'ip'] as const;
const TYPE_DEPTH = 2;
const MOST_FIELDS = 6;
/** Of values; nothing is described of the others, or they are missing. */
const PRESENT = 0.85;

export function makeWorld(chance: Chance): FuzzWorld {
  const names = [...new Set(chance.list(3, 5, () => chance.pick(ENTITY_TYPES)))];
  const typeOf = (depth: number): ValueType => makeType(chance, names, depth);
  const shapeOf = () => makeShape(chance, MOST_FIELDS, () => typeOf(TYPE_DEPTH));
  const entityTypes = names.map((name) => ({
    name,
    shape: shapeOf(),
    tags: chance.is(0.5) ? typeOf(1) : undefined,
  }));
  const actions = ACTION_TYPES.flatMap((type) => ['read', 'write', 'all', ''].map((id) => new EntityRef(type, id)));
  const world = { entityTypes, actions, context: shapeOf() };
  return { ...world, entities: [...actionEntities(chance, actions), ...plainEntities(chance, world)] };
}

export function makeType(chance: Chance, entityTypes: readonly string[], depth: number): ValueType {
  const roll = chance.below(10);
  if (depth > 0 && roll < 2) return { is: 'Set', of: makeType(chance, entityTypes, depth - 1) };
  if (depth > 0 && roll < 4) return makeShape(chance, depth, () => makeType(chance, entityTypes, depth - 1));
  if (roll < 6) return { is: 'Entity', type: chance.pick(entityTypes) };
  return { is: chance.pick(PRIMITIVES) };
}

function makeShape(chance: Chance, most: number, typeOf: () => ValueType): RecordType {
  const names = new Set(chance.list(1, most, () => chance.pick(NAMES)));
  const fields = [...names].map((name): FieldType => ({ name, type: typeOf(), optional: chance.is(0.4) }));
  return { is: 'Record', fields };
}

/** Actions are in groups further down the list, so that none is in itself. */
function actionEntities(chance: Chance, actions: readonly EntityRef[]): FuzzWorld['entities'] {
  return actions.map((action, at) => {
    const groups = actions.slice(at + 1).filter(({ type }) => type === action.type);
    return [action, { attributes: {}, parents: groups.filter(() => chance.is(0.5)) }];
  });
}

function plainEntities(chance: Chance, { entityTypes }: Pick<FuzzWorld, 'entityTypes'>): FuzzWorld['entities'] {
  const refs = entityTypes.flatMap(({ name }) =>
    IDS.slice(0, chance.between(1, 4)).map((id) => new EntityRef(name, id)),
  );
  return refs.flatMap((ref, at) => {
    const type = entityTypes.find(({ name }) => name === ref.type);
    if (type === undefined || !chance.is(PRESENT)) return [];
    const above = refs.slice(at + 1).filter(() => chance.is(0.25));
    const strange = chance.is(0.1) ? [new EntityRef(STRANGE_TYPE, 'a')] : [];
    const attributes = makeRecord(chance, type.shape);
    const tags = type.tags === undefined ? undefined : makeTags(chance, type.tags);
    const parents = [...above, ...strange];
    return [[ref, tags === undefined ? { attributes, parents } : { attributes, parents, tags }] as const];
  });
}

function makeTags(chance: Chance, type: ValueType): PolicyRecord {
  const names = new Set(chance.list(0, 4, () => chance.pick(NAMES)));
  return Object.fromEntries([...names].map((name) => [name, makeValue(chance, type)]));
}

export function makeRecord(chance: Chance, { fields }: RecordType): PolicyRecord {
  const present = fields.filter(({ optional }) => !optional || chance.is(0.6));
  const record = Object.fromEntries(present.map(({ name, type }) => [name, makeValue(chance, type)]));
  // Also what is there and undefined is missing.
  return chance.is(0.1) ? { ...record, gone: undefined } : record;
}

export function makeValue(chance: Chance, type: ValueType): PolicyValue {
  switch (type.is) {
    case 'Bool':
      return chance.is(0.5);
    case 'Long':
      return chance.is(0.9) ? chance.pick(SMALL_LONGS) : chance.pick(LARGE_LONGS);
    case 'String':
      return chance.pick(TEXTS);
    case 'decimal':
      return chance.pick(DECIMALS);
    case 'datetime':
      return chance.pick(DATETIMES);
    case 'duration':
      return chance.pick(DURATIONS);
    case 'ip':
      return chance.pick(IPS);
    case 'Entity':
      return new EntityRef(type.type, chance.pick(IDS));
    case 'Set': {
      const most = chance.is(0.03) ? 30 : 4;
      const values = chance.list(0, most, () => makeValue(chance, type.of));
      return chance.is(0.5) ? values : new Set(values);
    }
    case 'Record':
      return makeRecord(chance, type);
    default:
      return type satisfies never;
  }
}

export function makeRequest(chance: Chance, world: FuzzWorld, usual: UsualTypes): FuzzRequest {
  const names = world.entityTypes.map(({ name }) => name);
  const entity = (type: string) => {
    if (chance.is(0.03)) return new EntityRef(STRANGE_TYPE, chance.pick(IDS));
    const wanted = chance.is(0.8) ? type : chance.pick(names);
    const described = world.entities.map(([ref]) => ref).filter((ref) => ref.type === wanted);
    const known = described.length > 0 && chance.is(PRESENT + 0.1);
    const { id } = known ? chance.pick(described) : { id: chance.pick(IDS) };
    return new EntityRef(wanted, id);
  };
  return {
    principal: entity(usual.principal),
    action: chance.is(0.95) ? chance.pick(world.actions) : new EntityRef('Action', 'unknown'),
    resource: entity(usual.resource),
    context: makeRecord(chance, world.context),
  };
}

/** What most requests of a round have, and most of its policies speak of. */
export interface UsualTypes {
  readonly principal: string;
  readonly resource: string;
}
