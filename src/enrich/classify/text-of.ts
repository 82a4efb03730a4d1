import type { Json } from '../../lib/json.ts';

/**
 * The words of a value, a line for each: what stands in a member after its name, because a name says what it is. Past
 * `most` characters: undefined.
 */
export function textOf(value: Json | undefined, most: number): string | undefined {
  const lines: string[] = [];
  let characters = 0;
  const add = (line: string): boolean => {
    lines.push(line);
    characters += line.length + 1;
    return characters <= most;
  };
  return walk(value, '', add) ? lines.join('\n') : undefined;
}

function walk(value: Json | undefined, name: string, add: (line: string) => boolean): boolean {
  if (value === null || value === undefined || typeof value === 'boolean') return true;
  if (typeof value !== 'object') return add(name === '' ? String(value) : `${name}: ${value}`);
  if (Array.isArray(value)) return value.every((each) => walk(each, name, add));
  return Object.entries(value).every(([member, each]) => walk(each, member, add));
}
