/** A type of Cedar's JSON schema format, as far as Interlock uses it (https://docs.cedarpolicy.com/schema/json-schema.html). */
export type CedarType =
  | { readonly type: 'String' | 'Long' | 'Boolean' }
  | { readonly type: 'Extension'; readonly name: 'datetime' | 'decimal' }
  | { readonly type: 'Entity'; readonly name: string }
  | { readonly type: 'Set'; readonly element: CedarType }
  | CedarRecord
  /** A type declared once for all operations. */
  | { readonly type: `Interlock::${string}` };

export interface CedarRecord {
  readonly type: 'Record';
  readonly attributes: Readonly<Record<string, CedarAttribute>>;
}

/** Required unless it says otherwise. */
export type CedarAttribute = CedarType & { readonly required?: boolean };

export const STRING = { type: 'String' } as const;
export const LONG = { type: 'Long' } as const;
export const BOOLEAN = { type: 'Boolean' } as const;
export const DECIMAL = { type: 'Extension', name: 'decimal' } as const;
export const DATETIME = { type: 'Extension', name: 'datetime' } as const;

export function record(attributes: Readonly<Record<string, CedarAttribute>>): CedarRecord {
  return { type: 'Record', attributes };
}

export function setOf(element: CedarType): CedarType {
  return { type: 'Set', element };
}

export function entity(name: string): CedarType {
  return { type: 'Entity', name };
}

export function optional(type: CedarType): CedarAttribute {
  return { ...type, required: false };
}
