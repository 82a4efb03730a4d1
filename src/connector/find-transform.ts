import type { z } from 'zod';

type Schema = z.core.$ZodType;

/**
 * The path of a part that is turned into something else when it is parsed, or undefined. What was parsed is parsed
 * again, when a held action is released or an obligation changed it, and must then still be what it was.
 */
export function findTransform(schema: Schema): string | undefined {
  return find(schema, 'input', new Set());
}

function find(schema: Schema, path: string, seen: Set<Schema>): string | undefined {
  if (seen.has(schema)) return undefined;
  seen.add(schema);
  // Every schema that zod makes is one of these; the base class only forgets which.
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const first = (parts: Iterable<readonly [Schema, string]>): string | undefined => {
    for (const [part, at] of parts) {
      const found = find(part, at, seen);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  switch (def.type) {
    case 'transform':
      return path;
    case 'pipe':
      // A codec, such as zod's string of true and false, keeps its functions here.
      if (def.transform !== undefined) return path;
      return first([
        [def.in, path],
        [def.out, path],
      ]);
    case 'object':
      return first(Object.entries(def.shape).map(([name, child]) => [child, `${path}.${name}`] as const));
    case 'array':
      return find(def.element, `${path}[*]`, seen);
    case 'tuple':
      return first(def.items.map((item) => [item, `${path}[*]`] as const));
    case 'record':
      return find(def.valueType, `${path}.*`, seen);
    case 'union':
      return first(def.options.map((option) => [option, path] as const));
    case 'intersection':
      return first([
        [def.left, path],
        [def.right, path],
      ]);
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'catch':
    case 'readonly':
      return find(def.innerType, path, seen);
    case 'lazy':
      return find(def.getter(), path, seen);
    default:
      return undefined;
  }
}
