import { InterlockError } from '../../lib/errors.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * A path whose variables are each encoded as exactly one segment: `` path`/api/now/table/${table}/${id}` ``.
 * Throws INVALID_INPUT for a variable that would be no segment or another one: empty, `.`, `..`, control characters.
 */
export function path(literals: TemplateStringsArray, ...variables: readonly (string | number)[]): string {
  return literals.reduce((before, literal, i) => `${before}${encodeSegment(variables[i - 1] ?? '')}${literal}`);
}

function encodeSegment(variable: string | number): string {
  const text = String(variable);
  if (text === '' || text === '.' || text === '..' || CONTROL_CHARACTERS.test(text) || !text.isWellFormed()) {
    throw new InterlockError(
      'INVALID_INPUT',
      'A value that goes into a path is empty, a dot segment or not plain text.',
    );
  }
  return encodeURIComponent(text);
}
