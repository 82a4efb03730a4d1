import type { SignalDeclaration, SignalScalar, SignalType } from '../../action/signal.ts';
import { type Digest, digestOf } from '../../lib/digest.ts';
import {
  BOOLEAN,
  type CedarAttribute,
  type CedarType,
  DATETIME,
  DECIMAL,
  entity,
  LONG,
  optional,
  STRING,
  setOf,
} from '../cedar-type.ts';
import type { OperationFacts } from './operation-facts.ts';
import { typeKey } from './resolve-where.ts';
import { typeOfField } from './signal-fields.ts';

/** A signal that can be used. */
export interface CheckedSignal {
  readonly declaration: SignalDeclaration;
  readonly digest: Digest;
  /** One sentence for people. */
  readonly title: string;
  /** Where it is written, e.g. `signals/money.signals.yaml:3`. */
  readonly place: string;
}

export function signalDigest(declaration: SignalDeclaration): Digest {
  return digestOf(JSON.parse(JSON.stringify(declaration)));
}

/**
 * How policies see the signal in an action on the operation; undefined where the operation has not what the signal
 * correlates by. Without an operation: in an action that has no input.
 */
export function signalAttribute(
  { kind, where, type }: SignalDeclaration,
  operation: OperationFacts | undefined,
  earlier: readonly OperationFacts[],
): CedarAttribute | undefined {
  let certain = kind !== 'first' && kind !== 'last';
  for (const { event, present } of where) {
    if (operation === undefined) {
      if (present.of === 'input') return undefined;
      certain &&= present.of !== 'effect.amount' && present.of !== 'effect.currency';
      continue;
    }
    const found = typeOfField(present, operation);
    const key = typeKey(present, operation);
    if (found === undefined || !earlier.some((each) => typeKey(event, each) === key)) return undefined;
    certain &&= !found.optional;
  }
  const cedar = cedarOf(type);
  return certain ? cedar : optional(cedar);
}

export function cedarOf(type: SignalType): CedarType {
  if (typeof type === 'object' && 'setOf' in type) return setOf(cedarOfScalar(type.setOf));
  return cedarOfScalar(type);
}

function cedarOfScalar(scalar: SignalScalar): CedarType {
  switch (scalar) {
    case 'Long':
      return LONG;
    case 'Bool':
      return BOOLEAN;
    case 'String':
      return STRING;
    case 'decimal':
      return DECIMAL;
    case 'datetime':
      return DATETIME;
    default:
      return entity(scalar.entity);
  }
}
