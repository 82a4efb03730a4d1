import { z } from 'zod';
import type { JsonObject } from '../../lib/json.ts';
import { argumentPath, argumentValues } from './argument-values.ts';
import { isAbsolutePath, normalisePath, pathGlob } from './path-glob.ts';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** A condition over one argument: its value is one of some, or its path matches a glob. */
export const condition = z.union([
  z.strictObject({ argument: argumentPath, equals: z.union([scalar, z.array(scalar).min(1).max(100)]) }),
  z.strictObject({ argument: argumentPath, matches: z.string().min(1).max(500) }),
]);

export type Condition = z.output<typeof condition>;

/** Which of an argument's values must satisfy a condition: `all` (and at least one) to be let off, `any` to be caught. */
export type Quantifier = 'all' | 'any';

/** A compiled condition; absolute `roots` are where relative paths may start. */
export function conditionOf(
  when: Condition,
  roots: readonly string[],
  quantifier: Quantifier,
): (input: JsonObject) => boolean {
  const holds = 'equals' in when ? equalsOneOf([when.equals].flat()) : pathMatches(when.matches, roots, quantifier);
  return (input) => {
    const values = argumentValues(input, when.argument);
    return quantifier === 'any' ? values.some(holds) : values.length > 0 && values.every(holds);
  };
}

function equalsOneOf(accepted: readonly unknown[]): (value: unknown) => boolean {
  return (value) => accepted.includes(value);
}

function pathMatches(pattern: string, roots: readonly string[], quantifier: Quantifier): (value: unknown) => boolean {
  const matches = pathGlob(pattern, { anyCase: quantifier === 'any' });
  return (value) => {
    if (typeof value !== 'string') return quantifier === 'any';
    const places = placesOf(value, roots);
    return quantifier === 'any' ? places.some(matches) : places.every(matches);
  };
}

/** Where a path can lead: as it stands, and from each root where it is relative. */
export function placesOf(path: string, roots: readonly string[]): readonly string[] {
  if (isAbsolutePath(path)) return [normalisePath(path)];
  return [normalisePath(path), ...roots.map((root) => normalisePath(`${root}/${path}`))];
}
