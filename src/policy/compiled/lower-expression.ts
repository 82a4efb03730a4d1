import type { CedarValueJson, Expr, PatternElem } from '@cedar-policy/cedar-wasm/nodejs';
import { EntityRef, type PolicyValue } from '../../action/policy-port.ts';
import { canonicalKey } from './canonical-key.ts';
import { getTag, hasTag, isIn, isInMembers, isOfType } from './entity-operators.ts';
import type { Expression, Operation, Variable } from './expression.ts';
import type { ExpressionTable } from './expression-table.ts';
import { boundedDepth, invalidPolicy } from './invalid-policy.ts';
import { LikePattern } from './like-pattern.ts';
import { extensionCall, recordOf, setOf } from './lower-collection.ts';
import { lowerValue } from './lower-value.ts';
import { Members } from './members.ts';
import { add, less, lessOrEqual, like, multiply, negate, subtract } from './operators.ts';
import { contains, containsAll, containsAny, isEmpty, members } from './set-operators.ts';

/** The parts that operators of Cedar's JSON format have; which one has which is checked where it is read. */
interface Parts {
  readonly left?: Expr;
  readonly right?: Expr;
  readonly arg?: Expr;
  readonly attr?: string | readonly string[];
  readonly pattern?: readonly PatternElem[];
  readonly entity_type?: string;
  readonly in?: Expr;
  readonly if?: Expr;
  readonly then?: Expr;
  readonly else?: Expr;
}

const VARIABLES = new Map<unknown, Variable>([
  ['principal', 'principal'],
  ['action', 'action'],
  ['resource', 'resource'],
  ['context', 'context'],
]);

interface Binary {
  readonly run: Operation;
  readonly isBoolean: boolean;
}
/** Operators of a left and a right part, evaluated in this order, that need nothing else. */
const BINARY = new Map<string, Binary>([
  ['<', { run: less, isBoolean: true }],
  ['<=', { run: lessOrEqual, isBoolean: true }],
  ['+', { run: add, isBoolean: false }],
  ['-', { run: subtract, isBoolean: false }],
  ['*', { run: multiply, isBoolean: false }],
  ['getTag', { run: getTag, isBoolean: false }],
  ['hasTag', { run: hasTag, isBoolean: true }],
]);

/** An expression of Cedar's JSON format in a table. Throws POLICY_INVALID for whatever it does not know, and past the bound of depth. */
export function lowerExpression(table: ExpressionTable, json: Expr, depth = 0): Expression {
  boundedDepth(depth);
  const [name, operand] = only(json);
  const lower = (part: Expr | undefined) => lowerExpression(table, given(part, name), depth + 1);
  if (name === 'Value') return lowerValue(table, operand as CedarValueJson, depth); // it checks what it gets
  if (name === 'Var') return table.variable(VARIABLES.get(operand) ?? refuse(`a variable ${named(operand)}`));
  if (name === 'Set') return setOf(table, (operand as Expr[]).map(lower)); // as the format has it
  if (name === 'Record') {
    const fields = Object.entries(operand as Record<string, Expr>); // as the format has it
    return recordOf(
      table,
      fields.map(([field, part]) => [field, lower(part)]),
    );
  }
  if (name === '&&' || name === '||') {
    return table.chain(name === '&&' ? 'and' : 'or', chain(json, name).map(lower));
  }
  if (Array.isArray(operand)) return extensionCall(table, name, operand.map(lower));
  return lowerOperator({ table, name, lower }, operand as Parts); // as the format has it
}

interface Lowering {
  readonly table: ExpressionTable;
  readonly name: string;
  readonly lower: (part: Expr | undefined) => Expression;
}

function lowerOperator({ table, name, lower }: Lowering, parts: Parts): Expression {
  const { left, right, arg } = parts;
  const binary = (operator: string) => table.operation(binaryNamed(operator), [lower(left), lower(right)]);
  switch (name) {
    case '!':
      return table.not(lower(arg));
    case 'neg':
      return table.operation({ name, run: negate, isBoolean: false }, [lower(arg)]);
    case '==':
      return table.equals(lower(left), lower(right));
    case '!=':
      return table.not(table.equals(lower(left), lower(right)));
    case '>':
      return table.not(binary('<='));
    case '>=':
      return table.not(binary('<'));
    case 'in':
      return within(table, lower(left), lower(right));
    case 'is':
      return isType({ table, name, lower }, parts);
    case '.':
      return table.attribute('attribute', lower(left), textOf(parts.attr));
    case 'has':
      return hasPath(table, lower(left), parts.attr);
    case 'like': {
      const pattern = given(parts.pattern, name);
      const prepared = table.prepared(new LikePattern(pattern), `like${JSON.stringify(pattern)}`);
      return table.operation({ name, run: like, isBoolean: true }, [lower(left), prepared]);
    }
    case 'isEmpty':
      return table.operation({ name, run: isEmpty, isBoolean: true }, [lower(arg)]);
    case 'contains':
      return table.operation({ name, run: contains, isBoolean: true }, [asMembers(table, lower(left)), lower(right)]);
    case 'containsAll':
    case 'containsAny': {
      const run = name === 'containsAll' ? containsAll : containsAny;
      const sets = [asMembers(table, lower(left)), asMembers(table, lower(right))];
      return table.operation({ name, run, isBoolean: true }, sets);
    }
    case 'if-then-else':
      return table.choice(lower(parts.if), lower(parts.then), lower(parts.else));
    default:
      return binary(name);
  }
}

function binaryNamed(name: string): Binary & { readonly name: string } {
  return { name, ...(BINARY.get(name) ?? refuse(`an operator ${JSON.stringify(name)}`)) };
}

/** The terms of `a && b && c`, however they are bracketed: they are evaluated from left to right in any case. */
function chain(json: Expr, operator: string): Expr[] {
  const terms: Expr[] = [];
  const open = [json];
  for (let term = open.pop(); term !== undefined; term = open.pop()) {
    const [name, operand] = only(term);
    if (name !== operator) {
      terms.push(term);
      continue;
    }
    const { left, right } = operand as Parts; // as the format has it
    open.push(given(right, operator), given(left, operator));
  }
  return terms;
}

function asMembers(table: ExpressionTable, set: Expression): Expression {
  if (set.op === 'constant' && Array.isArray(set.value)) {
    const elements: readonly PolicyValue[] = set.value;
    return table.prepared(new Members(elements), `members${canonicalKey(elements)}`);
  }
  return table.operation({ name: 'members', run: members, isBoolean: false }, [set]);
}

function within(table: ExpressionTable, value: Expression, other: Expression): Expression {
  if (other.op === 'constant' && Array.isArray(other.value) && other.value.every((one) => one instanceof EntityRef)) {
    return table.operation({ name: 'in members', run: isInMembers, isBoolean: true }, [value, asMembers(table, other)]);
  }
  return table.operation({ name: 'in', run: isIn, isBoolean: true }, [value, other]);
}

function isType({ table, name, lower }: Lowering, parts: Parts): Expression {
  const value = lower(parts.left);
  const type = table.constant(textOf(parts.entity_type));
  const is = table.operation({ name, run: isOfType, isBoolean: true }, [value, type]);
  return parts.in === undefined ? is : table.chain('and', [is, within(table, value, lower(parts.in))]);
}

/** `a has b.c` is `a has b && a.b has c`. */
function hasPath(table: ExpressionTable, of: Expression, path: Parts['attr']): Expression {
  const names = (Array.isArray(path) ? path : [path]).map(textOf);
  const steps: Expression[] = [];
  let at = of;
  for (const name of names) {
    steps.push(table.attribute('has', at, name));
    at = table.attribute('attribute', at, name);
  }
  const [first = refuse('an empty path')] = steps;
  return steps.length === 1 ? first : table.chain('and', steps);
}

function only(json: Expr): readonly [string, unknown] {
  const entries = typeof json === 'object' && json !== null ? Object.entries(json) : [];
  const [first] = entries;
  return entries.length === 1 && first !== undefined ? first : refuse('an expression without exactly one operator');
}

function given<T>(part: T | undefined, name: string): T {
  return part ?? refuse(`${JSON.stringify(name)} with a part missing`);
}

function textOf(text: unknown): string {
  return typeof text === 'string' ? text : refuse('a name that is no text');
}

/** Never the whole of what is not known: it may be as deep as it likes. */
function named(what: unknown): string {
  return typeof what === 'string' ? JSON.stringify(what) : `that is a ${typeof what}`;
}

function refuse(what: string): never {
  throw invalidPolicy(`Cedar has not ${what}`);
}
