import { type CedarAttribute, type CedarType, optional, record, setOf } from './cedar-type.ts';

/** What is known of a field on the way from zod to Cedar; kept finer than Cedar's types so that unions can be merged. */
export interface Field {
  readonly required: boolean;
  readonly shape: Shape;
}

type Shape =
  /** Policies don't see it. */
  | { readonly is: 'hidden' }
  /** It has no value: null, never. */
  | { readonly is: 'absent' }
  | { readonly is: 'value'; readonly type: CedarType }
  | ObjectShape;

interface ObjectShape {
  readonly is: 'object';
  readonly fields: ReadonlyMap<string, Field>;
  /** It may hold undeclared members too. */
  readonly open: boolean;
}

export const HIDDEN: Field = { required: false, shape: { is: 'hidden' } };
export const ABSENT: Field = { required: false, shape: { is: 'absent' } };

export function valueField(type: CedarType): Field {
  return { required: true, shape: { is: 'value', type } };
}

export function objectField(fields: ReadonlyMap<string, Field>, open: boolean): Field {
  return { required: true, shape: { is: 'object', fields, open } };
}

/** A Cedar set of scalars; sets of anything else have no use without quantifiers. */
export function setField({ shape }: Field): Field {
  return shape.is === 'value' && shape.type.type !== 'Set' ? valueField(setOf(shape.type)) : HIDDEN;
}

/** One of `options`. Different types have no common one in Cedar, so their union is hidden. */
export function unionOf(options: readonly Field[]): Field {
  const required = options.every((option) => option.required);
  const shapes = options.map((option) => option.shape).filter((shape) => shape.is !== 'absent');
  const [first] = shapes;
  if (first === undefined) return ABSENT;
  const objects = shapes.filter((shape) => shape.is === 'object');
  if (objects.length === shapes.length) return { required, shape: unionOfObjects(objects) };
  if (first.is === 'value' && shapes.every((shape) => isSameValue(shape, first.type)))
    return { required, shape: first };
  return HIDDEN;
}

function unionOfObjects(options: readonly ObjectShape[]): ObjectShape {
  const fields = new Map<string, Field>();
  for (const name of new Set(options.flatMap((option) => [...option.fields.keys()]))) {
    const declared = options.map((option) => option.fields.get(name) ?? (option.open ? HIDDEN : ABSENT));
    fields.set(name, unionOf(declared));
  }
  return { is: 'object', fields, open: options.some((option) => option.open) };
}

/** Both at once; zod merges what the two return. */
export function intersectionOf(left: Field, right: Field): Field {
  const required = left.required || right.required;
  if (left.shape.is === 'object' && right.shape.is === 'object') {
    const fields = new Map(left.shape.fields);
    for (const [name, field] of right.shape.fields) {
      const other = fields.get(name);
      fields.set(name, other === undefined ? field : intersectionOf(other, field));
    }
    return { required, shape: { is: 'object', fields, open: left.shape.open || right.shape.open } };
  }
  if (left.shape.is === 'value' && isSameValue(right.shape, left.shape.type)) return { required, shape: left.shape };
  return HIDDEN;
}

function isSameValue(shape: Shape, type: CedarType): boolean {
  return shape.is === 'value' && JSON.stringify(shape.type) === JSON.stringify(type);
}

/** The attributes that policies see. */
export function attributesOf(fields: ReadonlyMap<string, Field>): Readonly<Record<string, CedarAttribute>> {
  const attributes: Record<string, CedarAttribute> = {};
  for (const [name, { required, shape }] of fields) {
    if (shape.is === 'hidden' || shape.is === 'absent') continue;
    const type = shape.is === 'value' ? shape.type : record(attributesOf(shape.fields));
    attributes[name] = required ? type : optional(type);
  }
  return attributes;
}
