import type { PolicyStatement } from '../split-policies.ts';

const TOKEN = /\/\/[^\n]*|"(?:[^"\\]|\\[\s\S])*"|\w+|&&|\|\||[=!<>]=|::|\S/g;

/**
 * Where a text stands in a policy: `file:line:column`, or `file:line` of the policy where it is not found. Spaces,
 * comments and brackets don't count: Cedar's JSON format keeps neither them nor places.
 */
export function placeOf({ file, line, text }: PolicyStatement, part: string): string {
  const wanted = tokensOf(part).map(({ token }) => token);
  const tokens = tokensOf(text);
  const at = tokens.findIndex((_, start) => wanted.every((token, index) => tokens[start + index]?.token === token));
  const first = wanted.length === 0 ? undefined : tokens[at];
  if (first === undefined) return `${file}:${line}`;
  const before = text.slice(0, first.at).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  return `${file}:${line + before.length - 1}:${column}`;
}

function tokensOf(text: string): readonly { readonly token: string; readonly at: number }[] {
  return [...text.matchAll(TOKEN)]
    .map((match) => ({ token: match[0], at: match.index }))
    .filter(({ token }) => !token.startsWith('//') && token !== '(' && token !== ')');
}
