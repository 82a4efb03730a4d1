import type { PolicyRecord, PolicyValue } from '../../action/policy-port.ts';
import { EvaluationError } from './evaluation-error.ts';
import type { EvaluationState } from './evaluation-state.ts';
import type { Expression, Operation } from './expression.ts';
import type { ExpressionTable } from './expression-table.ts';
import { extensionFunction } from './extension-functions.ts';
import { invalidPolicy } from './invalid-policy.ts';
import { LikePattern } from './like-pattern.ts';
import { Members } from './members.ts';

/** A set literal: a constant where all of its elements are. */
export function setOf(table: ExpressionTable, elements: readonly Expression[]): Expression {
  const values = constantsOf(elements);
  if (values !== undefined) return table.constant(values);
  const run = (_state: EvaluationState, ...parts: readonly PolicyValue[]): PolicyValue => parts;
  return table.operation({ name: 'set', run, isBoolean: false }, elements);
}

/** A record literal: a constant where all of its fields are. */
export function recordOf(table: ExpressionTable, fields: readonly (readonly [string, Expression])[]): Expression {
  const names = fields.map(([name]) => name);
  const parts = fields.map(([, part]) => part);
  const values = constantsOf(parts);
  if (values !== undefined) return table.constant(record(names, values));
  const run: Operation = (_state: EvaluationState, ...given: readonly PolicyValue[]) => record(names, given);
  return table.operation({ name: `record${JSON.stringify(names)}`, run, isBoolean: false }, parts);
}

/** A call of an extension function: evaluated now where that can be, e.g. `datetime("2026-01-01")`. */
export function extensionCall(table: ExpressionTable, name: string, parts: readonly Expression[]): Expression {
  const known = extensionFunction(name);
  if (known === undefined) throw invalidPolicy(`there is no function ${JSON.stringify(name)}`);
  const apply = (values: readonly PolicyValue[]): PolicyValue => {
    if (values.length !== known.arity) throw new EvaluationError(`${name} takes ${known.arity} arguments`);
    return known.apply(...values);
  };
  const values = constantsOf(parts);
  const result = values === undefined ? undefined : attempt(() => apply(values));
  if (result !== undefined) return table.constant(result);
  const run: Operation = (_state: EvaluationState, ...given: readonly PolicyValue[]) => apply(given);
  return table.operation({ name, run, isBoolean: false }, parts);
}

/** Nothing where it fails: then it fails in each evaluation that gets to it, and in no other. */
function attempt(evaluate: () => PolicyValue): PolicyValue | undefined {
  try {
    return evaluate();
  } catch (cause) {
    if (cause instanceof EvaluationError) return undefined;
    throw cause;
  }
}

/** Without a prototype, so that every name is just a name. */
function record(names: readonly string[], values: readonly PolicyValue[]): PolicyRecord {
  const fields: Record<string, PolicyValue | undefined> = Object.create(null);
  for (const [index, name] of names.entries()) fields[name] = values[index];
  return fields;
}

export function constantsOf(parts: readonly Expression[]): PolicyValue[] | undefined {
  const values: PolicyValue[] = [];
  for (const part of parts) {
    if (part.op !== 'constant' || part.value instanceof Members || part.value instanceof LikePattern) return undefined;
    values.push(part.value);
  }
  return values;
}
