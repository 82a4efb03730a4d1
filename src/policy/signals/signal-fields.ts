import { SIGNAL_FIELDS, type SignalField, type SignalScalar } from '../../action/signal.ts';
import type { CedarType } from '../cedar-type.ts';
import type { OperationFacts } from './operation-facts.ts';

/** What a field of an action on some operation holds. */
export interface FieldType {
  readonly scalar: SignalScalar;
  /** Several at once: a list. */
  readonly many: boolean;
  /** There may be none. */
  readonly optional: boolean;
}

const INPUT = 'input.';

/** Undefined for what is no field. */
export function parseField(text: string): SignalField | undefined {
  const plain = SIGNAL_FIELDS.find((field) => field === text);
  if (plain !== undefined) return { of: plain };
  const path = text.startsWith(INPUT) ? text.slice(INPUT.length).split('.') : [];
  return path.length === 0 || path.includes('') ? undefined : { of: 'input', path };
}

export function formatField(field: SignalField): string {
  return field.of === 'input' ? `${INPUT}${field.path.join('.')}` : field.of;
}

/** Undefined where an action on the operation has no such field. */
export function typeOfField(field: SignalField, { input, resourceTypes }: OperationFacts): FieldType | undefined {
  switch (field.of) {
    case 'input':
      return inputType(input, field.path);
    case 'user':
      return one({ entity: 'Interlock::User' });
    case 'approver':
      return { ...one({ entity: 'Interlock::User' }), many: true, optional: true };
    case 'agent':
      return one({ entity: 'AgentId' });
    case 'session':
      return one({ entity: 'Agent' });
    case 'operation':
      return one({ entity: 'Action' });
    case 'resource':
      return { ...one({ entity: resourceTypes.length === 1 ? (resourceTypes[0] ?? '') : '' }), many: true };
    case 'resource.id':
      return { ...one('String'), many: true };
    case 'at':
      return one('datetime');
    case 'workflow':
    case 'effect.kind':
      return one('String');
    case 'effect.count':
      return one('Long');
    case 'effect.amount':
      return { ...one('Long'), optional: true };
    case 'effect.currency':
      return { ...one('String'), optional: true };
    default:
      return field satisfies never;
  }
}

function one(scalar: SignalScalar): FieldType {
  return { scalar, many: false, optional: false };
}

function inputType(input: CedarType, path: readonly string[]): FieldType | undefined {
  let type: CedarType = input;
  let optional = false;
  for (const step of path) {
    const attribute =
      type.type === 'Record' && Object.hasOwn(type.attributes, step) ? type.attributes[step] : undefined;
    if (attribute === undefined) return undefined;
    optional ||= attribute.required === false;
    type = attribute;
  }
  const many = type.type === 'Set';
  const scalar = scalarOf(type.type === 'Set' ? type.element : type);
  return scalar === undefined ? undefined : { scalar, many, optional: optional || many };
}

function scalarOf(type: CedarType): SignalScalar | undefined {
  switch (type.type) {
    case 'String':
    case 'Long':
      return type.type;
    case 'Boolean':
      return 'Bool';
    case 'Extension':
      return type.name;
    default:
      return undefined;
  }
}

/** The names of all fields that some operation has, to say what was meant. */
export function fieldNames(operations: Iterable<OperationFacts>): ReadonlySet<string> {
  const names = new Set<string>(SIGNAL_FIELDS);
  for (const { input } of operations) addPaths(names, INPUT, input);
  return names;
}

function addPaths(names: Set<string>, prefix: string, type: CedarType): void {
  if (type.type !== 'Record') return;
  for (const [name, attribute] of Object.entries(type.attributes)) {
    names.add(prefix + name);
    addPaths(names, `${prefix}${name}.`, attribute);
  }
}
