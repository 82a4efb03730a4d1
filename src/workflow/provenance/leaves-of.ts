import { isJsonObject, type Json } from '../../lib/json.ts';

/** A string or number with the path to it, `[*]` for any element. Numbers as JSON writes them. */
export interface Leaf {
  readonly path: string;
  readonly text: string;
  readonly isNumber: boolean;
}

/** Every string and number of a value. */
export function* leavesOf(value: Json, path = ''): Generator<Leaf> {
  if (typeof value === 'string') yield { path, text: value, isNumber: false };
  else if (typeof value === 'number') yield { path, text: String(value), isNumber: true };
  else if (Array.isArray(value)) for (const item of value) yield* leavesOf(item, `${path}[*]`);
  else if (isJsonObject(value))
    for (const [name, child] of Object.entries(value))
      if (child !== undefined) yield* leavesOf(child, pathBelow(path, name));
}

/** How programs name fields; any other key is a value, as a name or an address that something is filed under. */
const FIELD_NAME = /^[\p{L}_$][\p{L}\p{N}_$-]*$/u;

export function isFieldName(key: string): boolean {
  return FIELD_NAME.test(key);
}

/** A key that is a value is `*`: whoever chooses it must not choose a path. */
export function pathBelow(path: string, key: string): string {
  const name = isFieldName(key) ? key : '*';
  return path === '' ? name : `${path}.${name}`;
}

/**
 * What is declared for a path or for the nearest one above it, with or without the `[*]` at its end; else by the name of a
 * field alone, wherever it stands, the outermost first: whoever fills a field chooses the names within it.
 */
export function declaredFor<T>(declared: Readonly<Record<string, T>>, path: string): T | undefined {
  let byName: T | undefined;
  for (let at = path; at !== ''; at = above(at)) {
    for (const name of [at, `${at}[*]`]) if (Object.hasOwn(declared, name)) return declared[name];
    const name = lastName(at);
    if (Object.hasOwn(declared, name)) byName = declared[name];
  }
  return byName;
}

function above(path: string): string {
  return path.endsWith('[*]') ? path.slice(0, -'[*]'.length) : path.slice(0, Math.max(0, path.lastIndexOf('.')));
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1).replaceAll('[*]', '');
}
