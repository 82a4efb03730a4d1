import type { Expr, PatternElem } from '@cedar-policy/cedar-wasm/nodejs';
import { EntityRef } from '../../action/policy-port.ts';

export type Scalar = boolean | bigint | string | EntityRef;

type Unary<Op extends string> = { readonly op: Op; readonly parts: readonly [Term] };
type Binary<Op extends string> = { readonly op: Op; readonly parts: readonly [Term, Term] };
type Named<Op extends string> = Unary<Op> & { readonly name: string };

type Shape =
  | { readonly op: 'literal'; readonly value: Scalar }
  | { readonly op: 'variable'; readonly name: string }
  | { readonly op: 'and' | 'or' | 'set'; readonly parts: readonly Term[] }
  | Unary<'not' | 'negate' | 'is-empty'>
  | { readonly op: 'if'; readonly parts: readonly [Term, Term, Term] }
  /** The only comparison of size: `a <= b` is `!(b < a)`. */
  | Binary<'less'>
  | Binary<'equals'>
  | Binary<'in'>
  | Binary<'contains'>
  | Binary<'add' | 'subtract' | 'multiply'>
  /** One of some literals: `x == "a"`, `["a", "b"].contains(x)`. */
  | { readonly op: 'one-of'; readonly parts: readonly [Term]; readonly members: readonly Scalar[] }
  | Named<'attribute'>
  | Named<'has'>
  | Named<'is'>
  | { readonly op: 'like'; readonly parts: readonly [Term]; readonly pattern: readonly PatternElem[] }
  /** Extension functions, tags, and whatever else a condition can be made of. */
  | { readonly op: 'call'; readonly name: string; readonly parts: readonly Term[] };

/** An expression of Cedar with little sugar left. */
export type Term = Shape & Place;
/** A term of one kind. */
export type TermOf<Op extends Shape['op']> = Extract<Shape, { readonly op: Op }> & Place;

interface Place {
  /** Equal terms have equal keys, and the other way round. */
  readonly key: string;
  /** What it was made from, where it stands in the policy as such. */
  readonly source?: Expr | undefined;
}

type Json = Readonly<Record<string, unknown>>;

/** Cedar's JSON format as a term. What a linter has no use for becomes a call of that name. */
export function termOf(json: Expr): Term {
  const [name = '', operand] = Object.entries(json)[0] ?? [];
  if (name === 'Value') return literal(operand, json);
  if (name === 'Var') return make({ op: 'variable', name: String(operand) }, json);
  if (name === 'Set') return make({ op: 'set', parts: terms(operand as Expr[]) }, json); // as the format has it
  if (name === '&&' || name === '||') return chain(name, json);
  if (Array.isArray(operand)) return make({ op: 'call', name, parts: terms(operand as Expr[]) }, json);
  return operator(name, operand as Json, json); // as the format has it
}

function terms(parts: readonly Expr[]): readonly Term[] {
  return parts.map((part) => termOf(part));
}

function make(shape: Shape, source?: Expr): Term {
  return { ...shape, key: keyOf(shape), source };
}

export function negated(term: Term): Term {
  return make({ op: 'not', parts: [term] });
}

export function scopeTerm(
  variable: 'principal' | 'resource',
  { type, equals, within }: { readonly type?: string; readonly equals?: EntityRef; readonly within?: EntityRef },
): Term | undefined {
  const of = make({ op: 'variable', name: variable });
  const parts = [
    ...(type === undefined ? [] : [make({ op: 'is', parts: [of], name: type })]),
    ...(equals === undefined ? [] : [oneOf(of, [equals])]),
    ...(within === undefined ? [] : [make({ op: 'in', parts: [of, make({ op: 'literal', value: within })] })]),
  ];
  return parts.length === 0 ? undefined : make({ op: 'and', parts });
}

function keyOf(shape: Shape): string {
  const parts = 'parts' in shape ? shape.parts.map(({ key }) => key) : [];
  if (shape.op === 'equals') parts.sort();
  const name = 'name' in shape ? JSON.stringify(shape.name) : '';
  const literals = shape.op === 'one-of' ? shape.members.map(scalarKey).sort() : [];
  const rest =
    shape.op === 'literal' ? scalarKey(shape.value) : shape.op === 'like' ? JSON.stringify(shape.pattern) : '';
  return `(${[shape.op, name, rest, ...literals, ...parts].filter((text) => text !== '').join(' ')})`;
}

export function scalarKey(value: Scalar): string {
  if (value instanceof EntityRef) return `${value.type}::${JSON.stringify(value.id)}`;
  return typeof value === 'bigint' ? `${value}` : JSON.stringify(value);
}

function literal(value: unknown, source?: Expr): Term {
  if (typeof value === 'number') return make({ op: 'literal', value: BigInt(value) }, source);
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint')
    return make({ op: 'literal', value }, source);
  if (Array.isArray(value)) return make({ op: 'set', parts: value.map((each) => literal(each)) }, source);
  const entity = typeof value === 'object' && value !== null && '__entity' in value ? value.__entity : undefined;
  if (typeof entity === 'object' && entity !== null && 'type' in entity && 'id' in entity)
    return make({ op: 'literal', value: new EntityRef(String(entity.type), String(entity.id)) }, source);
  return make({ op: 'call', name: `value ${JSON.stringify(value)}`, parts: [] }, source);
}

/** `a && b && c` as one, however it is bracketed. */
function chain(name: '&&' | '||', source: Expr): Term {
  const parts: Term[] = [];
  const open = [source];
  for (let term = open.pop(); term !== undefined; term = open.pop()) {
    const sides = (term as Json)[name] as { readonly left: Expr; readonly right: Expr } | undefined; // as the format has it
    if (sides === undefined) parts.push(termOf(term));
    else open.push(sides.right, sides.left);
  }
  return make({ op: name === '&&' ? 'and' : 'or', parts }, source);
}

function operator(name: string, operand: Json, source: Expr): Term {
  const part = (of: string): Term => termOf(operand[of] as Expr); // as the format has it
  switch (name) {
    case '!':
      return make({ op: 'not', parts: [part('arg')] }, source);
    case 'neg':
      return make({ op: 'negate', parts: [part('arg')] }, source);
    case 'isEmpty':
      return make({ op: 'is-empty', parts: [part('arg')] }, source);
    case 'if-then-else':
      return make({ op: 'if', parts: [part('if'), part('then'), part('else')] }, source);
    case '.':
      return make({ op: 'attribute', parts: [part('left')], name: String(operand['attr']) }, source);
    case 'has':
      return hasPath(part('left'), [operand['attr']].flat().map(String), source);
    case 'like':
      return make({ op: 'like', parts: [part('left')], pattern: operand['pattern'] as PatternElem[] }, source); // as above
    case 'is': {
      const left = part('left');
      const is = make({ op: 'is', parts: [left], name: String(operand['entity_type']) }, source);
      return operand['in'] === undefined ? is : make({ op: 'and', parts: [is, within(left, part('in'))] }, source);
    }
    case 'Record':
      return make({ op: 'call', name, parts: terms(Object.values(operand as Record<string, Expr>)) }, source); // as above
    default:
      return binary(name, [part('left'), part('right')], source);
  }
}

/** `a has b.c` is `a has b && a.b has c`. */
function hasPath(of: Term, names: readonly string[], source: Expr): Term {
  let at = of;
  const steps = names.map((name) => {
    const step = make({ op: 'has', parts: [at], name }, source);
    at = make({ op: 'attribute', parts: [at], name });
    return step;
  });
  const [only] = steps;
  return steps.length === 1 && only !== undefined ? only : make({ op: 'and', parts: steps }, source);
}

const ARITHMETIC = new Map([
  ['+', 'add'],
  ['-', 'subtract'],
  ['*', 'multiply'],
] as const) as ReadonlyMap<string, 'add' | 'subtract' | 'multiply'>; // asked for any name

function binary(name: string, [left, right]: readonly [Term, Term], source: Expr): Term {
  const arithmetic = ARITHMETIC.get(name);
  if (arithmetic !== undefined) return make({ op: arithmetic, parts: [left, right] }, source);
  switch (name) {
    case '<':
      return make({ op: 'less', parts: [left, right] }, source);
    case '>':
      return make({ op: 'less', parts: [right, left] }, source);
    case '<=':
      return make({ op: 'not', parts: [make({ op: 'less', parts: [right, left] })] }, source);
    case '>=':
      return make({ op: 'not', parts: [make({ op: 'less', parts: [left, right] })] }, source);
    case '==':
      return equal(left, right, source);
    case '!=':
      return make({ op: 'not', parts: [equal(left, right)] }, source);
    case 'in':
      return within(left, right, source);
    case 'contains': {
      const members = scalarsOf(left);
      return members === undefined
        ? make({ op: 'contains', parts: [left, right] }, source)
        : oneOf(right, members, source);
    }
    case 'containsAny':
    case 'containsAll': {
      if (right.op !== 'set') return make({ op: 'call', name, parts: [left, right] }, source);
      const parts = right.parts.map((member) => make({ op: 'contains', parts: [left, member] }));
      return make({ op: name === 'containsAny' ? 'or' : 'and', parts }, source);
    }
    default:
      return make({ op: 'call', name, parts: [left, right] }, source);
  }
}

function equal(left: Term, right: Term, source?: Expr): Term {
  if (right.op === 'literal') return oneOf(left, [right.value], source);
  if (left.op === 'literal') return oneOf(right, [left.value], source);
  return make({ op: 'equals', parts: [left, right] }, source);
}

function oneOf(term: Term, members: readonly Scalar[], source?: Expr): Term {
  return make({ op: 'one-of', parts: [term], members }, source);
}

function within(left: Term, right: Term, source?: Expr): Term {
  if (right.op !== 'set') return make({ op: 'in', parts: [left, right] }, source);
  return make({ op: 'or', parts: right.parts.map((each) => make({ op: 'in', parts: [left, each] })) }, source);
}

function scalarsOf(term: Term): readonly Scalar[] | undefined {
  if (term.op !== 'set') return undefined;
  const values = term.parts.flatMap((part) => (part.op === 'literal' ? [part.value] : []));
  return values.length === term.parts.length ? values : undefined;
}
