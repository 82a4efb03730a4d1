import type { PatternElem } from '@cedar-policy/cedar-wasm/nodejs';
import type { PolicyValue } from '../../action/policy-port.ts';
import { asString } from './entity-operators.ts';
import type { EvaluationState } from './evaluation-state.ts';
import type { Operation } from './expression.ts';

/** `like`: every wildcard matches anything, also nothing. In time of the text times the pattern at worst, with nothing to try again. */
export function likePattern(pattern: readonly PatternElem[]): Operation {
  const literals = literalsOf(pattern);
  const [first = ''] = literals;
  const last = literals.at(-1) ?? '';
  if (literals.length === 1) return (_state: EvaluationState, value: PolicyValue) => asString(value) === first;
  const between = literals.slice(1, -1).filter((literal) => literal !== '');
  return (_state: EvaluationState, value: PolicyValue) => matches(asString(value), { first, between, last });
}

/** What stands before, between and after the wildcards: always one more than there are of them. */
function literalsOf(pattern: readonly PatternElem[]): string[] {
  const literals: string[] = [''];
  for (const part of pattern) {
    if (part === 'Wildcard') literals.push('');
    else literals.push(`${literals.pop() ?? ''}${part.Literal}`);
  }
  return literals;
}

interface Literals {
  readonly first: string;
  readonly between: readonly string[];
  readonly last: string;
}

/** The leftmost place for each literal leaves the most room for the next one. */
function matches(text: string, { first, between, last }: Literals): boolean {
  const end = text.length - last.length;
  if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let from = first.length;
  for (const literal of between) {
    const at = text.indexOf(literal, from);
    if (at === -1 || at + literal.length > end) return false;
    from = at + literal.length;
  }
  return true;
}
