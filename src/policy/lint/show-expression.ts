import type { Expr } from '@cedar-policy/cedar-wasm/nodejs';

type Json = Readonly<Record<string, unknown>>;

const METHODS = new Set(['contains', 'containsAll', 'containsAny', 'getTag', 'hasTag']);
const FUNCTIONS = new Set(['ip', 'decimal', 'datetime', 'duration']);

/** An expression of Cedar's JSON format as people write it, on one line, with no bracket that the meaning can do without inside a chain. */
export function showExpression(json: Expr): string {
  const [name = '', operand] = Object.entries(json)[0] ?? [];
  if (name === 'Value') return showValue(operand);
  if (name === 'Var') return String(operand);
  if (name === 'Set') return `[${(operand as Expr[]).map((part) => showExpression(part)).join(', ')}]`; // as the format has it
  if (Array.isArray(operand))
    return showCall(
      name,
      (operand as Expr[]).map((part) => showExpression(part)),
    );
  return showOperator(name, operand as Json); // as the format has it
}

function showCall(name: string, [first = '', ...rest]: readonly string[]): string {
  return FUNCTIONS.has(name) ? `${name}(${first})` : `${first}.${name}(${rest.join(', ')})`;
}

function showOperator(name: string, operand: Json): string {
  const part = (of: string): string => bracketed(operand[of] as Expr, name); // as the format has it
  switch (name) {
    case '!':
      return `!${part('arg')}`;
    case 'neg':
      return `-${part('arg')}`;
    case 'isEmpty':
      return `${part('arg')}.isEmpty()`;
    case '.':
      return `${part('left')}${attribute(String(operand['attr']))}`;
    case 'has':
      return `${part('left')} has ${[operand['attr']].flat().map(plainName).join('.')}`;
    case 'like':
      return `${part('left')} like ${pattern(operand['pattern'])}`;
    case 'is': {
      const within = operand['in'] === undefined ? '' : ` in ${part('in')}`;
      return `${part('left')} is ${String(operand['entity_type'])}${within}`;
    }
    case 'if-then-else':
      return `if ${part('if')} then ${part('then')} else ${part('else')}`;
    case 'Record':
      return `{${Object.entries(operand)
        .map(([field, value]) => `${plainName(field)}: ${showExpression(value as Expr)}`) // as the format has it
        .join(', ')}}`;
    default:
      return METHODS.has(name)
        ? `${part('left')}.${name}(${showExpression(operand['right'] as Expr)})` // as the format has it
        : `${part('left')} ${name} ${part('right')}`;
  }
}

const INFIX = new Set([
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'in',
  'like',
  'has',
  'is',
  '+',
  '-',
  '*',
  '&&',
  '||',
  'if-then-else',
]);
const LOOSE = new Set(['&&', '||', 'if-then-else']);

/** In brackets where it would be read otherwise. */
function bracketed(json: Expr, outer: string): string {
  const inner = Object.keys(json)[0] ?? '';
  const isPlain =
    !INFIX.has(inner) || inner === outer || outer === 'if-then-else' || (LOOSE.has(outer) && !LOOSE.has(inner));
  return isPlain ? showExpression(json) : `(${showExpression(json)})`;
}

const IDENTIFIER = /^[A-Za-z_]\w*$/;

function attribute(name: string): string {
  return IDENTIFIER.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

function plainName(name: unknown): string {
  const text = String(name);
  return IDENTIFIER.test(text) ? text : JSON.stringify(text);
}

function pattern(parts: unknown): string {
  const all = Array.isArray(parts) ? parts : [];
  const texts = all.map((part: unknown) =>
    typeof part === 'object' && part !== null && 'Literal' in part ? String(part.Literal).replaceAll('*', '\\*') : '*',
  );
  return `"${texts.join('').replaceAll('"', '\\"')}"`;
}

function showValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((each) => showValue(each)).join(', ')}]`;
  const entity = typeof value === 'object' && value !== null && '__entity' in value ? value.__entity : undefined;
  if (typeof entity === 'object' && entity !== null && 'type' in entity && 'id' in entity)
    return `${String(entity.type)}::${JSON.stringify(entity.id)}`;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
