import type { FactDescriptor } from '../action/fact.ts';
import type { OperationDescriptor } from '../action/operation-descriptor.ts';
import type { PolicyRecord } from '../action/policy-port.ts';
import { InterlockError } from '../lib/errors.ts';
import type { JsonObject } from '../lib/json.ts';
import { type CedarRecord, record } from './cedar-type.ts';
import { inputMapping } from './input-mapping.ts';

/** How policies see what an operation is called with: its declared input fields, and its facets beside them. */
export interface OperationMapping {
  /** The type of `context.input`. */
  readonly cedar: CedarRecord;
  /** What may be known about its user and what it touches. */
  readonly facts: readonly FactDescriptor[];
  /** Throws INVALID_INPUT where a value is not of its declared type. */
  toPolicy(input: JsonObject, facets: JsonObject): PolicyRecord;
}

/** Throws CONNECTOR_INVALID, naming the operation and the field. Make it once per operation and keep it. */
export function operationMapping({
  operation,
  input,
  facets,
  facts = [],
}: Pick<OperationDescriptor, 'operation' | 'input' | 'facets' | 'facts'>): OperationMapping {
  const ofInput = inputMapping(input, operation);
  if (facets === undefined) return { cedar: ofInput.cedar, facts, toPolicy: (value) => ofInput.toPolicy(value) };
  const ofFacets = inputMapping(facets, operation);
  const clash = Object.keys(facets.shape).find((name) => Object.hasOwn(input.shape, name));
  if (clash !== undefined) {
    throw new InterlockError('CONNECTOR_INVALID', `${operation}: the facet "${clash}" has the name of an input field`);
  }
  return {
    facts,
    cedar: record({ ...ofInput.cedar.attributes, ...ofFacets.cedar.attributes }),
    toPolicy: (value, derived) => ({ ...ofInput.toPolicy(value), ...ofFacets.toPolicy(derived) }),
  };
}
