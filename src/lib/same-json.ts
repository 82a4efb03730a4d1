import { isPlainObject, type Json, type JsonObject } from './json.ts';

/** Whether two values have the same canonical form. May say no where they have: then there is something unusual in them. */
export function isSameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (typeof a !== 'object' || a === null) return a !== undefined && a === b;
  if (typeof b !== 'object' || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && areSameItems(a, b);
  return areSameMembers(a as JsonObject, b as JsonObject);
}

function areSameItems(a: readonly Json[], b: readonly Json[]): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (!isSameJson(a[at], b[at])) return false;
  return true;
}

/** What is inherited is a function or an object of a class, so it is the same as no member. */
function areSameMembers(a: JsonObject, b: JsonObject): boolean {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length || !isPlainObject(a) || !isPlainObject(b)) return false;
  for (const key of keys) if (!isSameJson(a[key], b[key])) return false;
  return true;
}
