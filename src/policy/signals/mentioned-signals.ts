import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import { isJsonObject, type Json } from '../../lib/json.ts';

/** The names of signals that a policy reads; `all` where it uses the context other than by naming its fields. */
export function mentionedSignals({ conditions }: Pick<PolicyJson, 'conditions'>): ReadonlySet<string> | 'all' {
  const names = new Set<string>();
  // Cedar's JSON is JSON.
  return visit(conditions as unknown as Json, names) ? names : 'all';
}

/** False where a use of the context does not say which field it is of. */
function visit(node: Json, names: Set<string>): boolean {
  if (Array.isArray(node)) return node.every((item) => visit(item, names));
  if (!isJsonObject(node)) return true;
  const path = contextPath(node);
  if (path === undefined) return Object.values(node).every((child) => visit(child, names));
  const [field, name] = path;
  if (field === undefined || (field === 'signals' && name === undefined)) return false;
  if (field === 'signals' && name !== undefined) names.add(name);
  return true;
}

/** The names by which an expression goes into `context`, or asks whether they are there; undefined for any other. */
function contextPath(node: Json | undefined): readonly string[] | undefined {
  if (node === undefined || !isJsonObject(node)) return undefined;
  if (node['Var'] === 'context') return [];
  const access = node['.'] ?? node['has'];
  if (access === undefined || !isJsonObject(access)) return undefined;
  const left = contextPath(access['left']);
  const steps = [access['attr'] ?? []].flat().filter((step) => typeof step === 'string');
  return left === undefined ? undefined : [...left, ...steps];
}
