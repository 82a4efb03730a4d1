/** A type of Cedar, as far as values of it can be made. */
export type ValueType =
  | { readonly is: 'Bool' | 'Long' | 'String' | 'decimal' | 'datetime' | 'duration' | 'ip' }
  | { readonly is: 'Entity'; readonly type: string }
  | { readonly is: 'Set'; readonly of: ValueType }
  | RecordType;
export interface RecordType {
  readonly is: 'Record';
  readonly fields: readonly FieldType[];
}
export interface FieldType {
  readonly name: string;
  readonly type: ValueType;
  /** Optional ones are sometimes missing. */
  readonly optional: boolean;
}

export const BOOL: ValueType = { is: 'Bool' };
export const LONG: ValueType = { is: 'Long' };
export const STRING: ValueType = { is: 'String' };
export const DATETIME: ValueType = { is: 'datetime' };
export const DURATION: ValueType = { is: 'duration' };
export const DECIMAL: ValueType = { is: 'decimal' };
export const IP: ValueType = { is: 'ip' };

export function sameType(a: ValueType, b: ValueType): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
