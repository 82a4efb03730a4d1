import { EntityRef } from '../../action/policy-port.ts';
import type { Scalar } from './term.ts';

/**
 * What a value can be, as far as it is known: never less than what it can really be, so that "always" and "never" hold.
 * `any` is everything; where nothing is left there is no domain.
 */
export type Domain =
  | { readonly is: 'boolean'; readonly only?: boolean | undefined }
  /** Cedar's types with an order, in their smallest unit: from `min` to `max`, both included. */
  | { readonly is: 'number'; readonly type: NumberType; readonly min: bigint; readonly max: bigint }
  | StringDomain
  | { readonly is: 'entity'; readonly type: string; readonly ids?: ReadonlySet<string> | undefined }
  | { readonly is: 'set'; readonly element: Domain; readonly isEmpty?: boolean | undefined }
  | { readonly is: 'record'; readonly fields: ReadonlyMap<string, FieldDomain> }
  | { readonly is: 'any' };

export type NumberType = 'long' | 'datetime' | 'duration' | 'decimal';

export interface StringDomain {
  readonly is: 'string';
  /** Those that it can be. */
  readonly values?: ReadonlySet<string> | undefined;
  /** Those that anything of its kind can be, anywhere: what is none of them is a misspelling. */
  readonly words?: ReadonlySet<string> | undefined;
  /** Whether it can be this text; absent: nothing is known. */
  readonly accepts?: ((text: string) => boolean) | undefined;
}

export interface FieldDomain {
  readonly domain: Domain;
  readonly isRequired: boolean;
}

export const ANY: Domain = { is: 'any' };
export const UNKNOWN_BOOLEAN: Domain = { is: 'boolean' };
export const TRUE: Domain = { is: 'boolean', only: true };
export const FALSE: Domain = { is: 'boolean', only: false };

export const LONG_MIN = -(2n ** 63n);
export const LONG_MAX = 2n ** 63n - 1n;

export function numbers(min: bigint, max: bigint, type: NumberType = 'long'): Domain {
  return { is: 'number', type, min, max };
}

export function scalarDomain(value: Scalar): Domain {
  if (typeof value === 'boolean') return value ? TRUE : FALSE;
  if (typeof value === 'bigint') return numbers(value, value);
  if (value instanceof EntityRef) return { is: 'entity', type: value.type, ids: new Set([value.id]) };
  return { is: 'string', values: new Set([value]) };
}

export function canBe(domain: Domain, value: Scalar): boolean {
  return meet(domain, scalarDomain(value)) !== undefined;
}

/** The only value that it can be. */
export function onlyValue(domain: Domain): Scalar | undefined {
  switch (domain.is) {
    case 'boolean':
      return domain.only;
    case 'number':
      return domain.type === 'long' && domain.min === domain.max ? domain.min : undefined;
    case 'string':
      return domain.values?.size === 1 ? [...domain.values][0] : undefined;
    case 'entity': {
      const [id] = domain.ids?.size === 1 ? domain.ids : [];
      return id === undefined ? undefined : new EntityRef(domain.type, id);
    }
    default:
      return undefined;
  }
}

/** What is in both; undefined where that is nothing. */
export function meet(a: Domain, b: Domain): Domain | undefined {
  if (a.is === 'any') return b;
  if (b.is === 'any') return a;
  if (a.is === 'boolean' && b.is === 'boolean') {
    if (a.only !== undefined && b.only !== undefined && a.only !== b.only) return undefined;
    return a.only === undefined ? b : a;
  }
  if (a.is === 'number' && b.is === 'number' && a.type === b.type) {
    const min = a.min > b.min ? a.min : b.min;
    const max = a.max < b.max ? a.max : b.max;
    return min > max ? undefined : { ...a, min, max };
  }
  if (a.is === 'string' && b.is === 'string') return meetStrings(a, b);
  if (a.is === 'entity' && b.is === 'entity') {
    if (a.type !== b.type) return undefined;
    const ids = common(a.ids, b.ids);
    return ids?.size === 0 ? undefined : { ...a, ids };
  }
  if (a.is === 'set' && b.is === 'set') {
    if (a.isEmpty !== undefined && b.isEmpty !== undefined && a.isEmpty !== b.isEmpty) return undefined;
    return { ...a, isEmpty: a.isEmpty ?? b.isEmpty };
  }
  // A record is not looked into here.
  return a.is === b.is ? a : undefined;
}

function meetStrings(a: StringDomain, b: StringDomain): Domain | undefined {
  const values = common(a.values, b.values);
  const accepted =
    values && new Set([...values].filter((text) => (a.accepts?.(text) ?? true) && (b.accepts?.(text) ?? true)));
  if (accepted?.size === 0) return undefined;
  return { is: 'string', values: accepted, words: a.words ?? b.words, accepts: a.accepts ?? b.accepts };
}

function common<T>(a: ReadonlySet<T> | undefined, b: ReadonlySet<T> | undefined): ReadonlySet<T> | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return new Set([...a].filter((each) => b.has(each)));
}

/** What is in either. */
export function join(a: Domain, b: Domain): Domain {
  if (a === b) return a;
  if (a.is === 'boolean' && b.is === 'boolean') return a.only === b.only ? a : UNKNOWN_BOOLEAN;
  if (a.is === 'number' && b.is === 'number' && a.type === b.type)
    return { ...a, min: a.min < b.min ? a.min : b.min, max: a.max > b.max ? a.max : b.max };
  if (a.is === 'string' && b.is === 'string') {
    const values = a.values && b.values && new Set([...a.values, ...b.values]);
    const words = a.words && b.words && new Set([...a.words, ...b.words]);
    return { is: 'string', values, words, accepts: a.accepts === b.accepts ? a.accepts : undefined };
  }
  if (a.is === 'entity' && b.is === 'entity' && a.type === b.type)
    return { ...a, ids: a.ids && b.ids && new Set([...a.ids, ...b.ids]) };
  if (a.is === 'set' && b.is === 'set')
    return { is: 'set', element: join(a.element, b.element), isEmpty: a.isEmpty === b.isEmpty ? a.isEmpty : undefined };
  return ANY;
}

/** Without one value, where the domain can say so. */
export function without(domain: Domain, value: Scalar): Domain | undefined {
  const only = onlyValue(domain);
  if (only !== undefined) return canBe(domain, value) ? undefined : domain;
  if (domain.is === 'boolean' && typeof value === 'boolean') return value ? FALSE : TRUE;
  if (domain.is === 'number' && typeof value === 'bigint') {
    if (value === domain.min) return { ...domain, min: value + 1n };
    return value === domain.max ? { ...domain, max: value - 1n } : domain;
  }
  if (domain.is === 'string' && typeof value === 'string' && domain.values !== undefined)
    return { ...domain, values: new Set([...domain.values].filter((text) => text !== value)) };
  if (domain.is === 'entity' && value instanceof EntityRef && value.type === domain.type && domain.ids !== undefined)
    return { ...domain, ids: new Set([...domain.ids].filter((id) => id !== value.id)) };
  return domain;
}
