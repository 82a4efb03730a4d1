import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import { isJsonObject, type Json } from '../lib/json.ts';

/** What the conditions of a policy look at, e.g. `context.effect.external`: variable and fields joined by dots, sorted. */
export function readPaths({ conditions }: Pick<PolicyJson, 'conditions'>): readonly string[] {
  const found = new Set<string>();
  collect(conditions as unknown as Json, found); // Cedar's JSON is JSON
  return [...found].sort();
}

function collect(value: Json, found: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) collect(item, found);
  if (!isJsonObject(value)) return;
  const path = pathOf(value);
  if (path !== undefined && path.length > 1) found.add(path.join('.'));
  else for (const child of Object.values(value)) collect(child, found);
}

/** The chain of fields that an expression is, from its variable; undefined for anything else. */
function pathOf(value: Json | undefined): readonly string[] | undefined {
  if (!isJsonObject(value)) return undefined;
  if (typeof value['Var'] === 'string') return [value['Var']];
  const access = value['.'] ?? value['has'];
  if (!isJsonObject(access) || typeof access['attr'] !== 'string') return undefined;
  const left = pathOf(access['left']);
  return left && [...left, access['attr']];
}
