import { z } from 'zod';
import { isJsonObject, type Json } from './json.ts';
import { nearest } from './nearest.ts';

/** What a schema finds wrong, in lines for people: each problem with its place, each unknown key with the nearest known one. */
export function explainIssues(schema: z.ZodType, { issues }: z.ZodError): string {
  return z.prettifyError(new z.ZodError(issues.map((issue) => withSuggestions(schema, issue))));
}

function withSuggestions(schema: z.ZodType, issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'unrecognized_keys') return issue;
  const known = knownKeys(schema, issue.path);
  const words = issue.keys.map((key) => {
    const suggestion = nearest(key, known);
    return JSON.stringify(key) + (suggestion === undefined ? '' : ` (did you mean "${suggestion}"?)`);
  });
  return { ...issue, message: `Unknown key: ${words.join(', ')}` };
}

/** The keys that the schema knows at a place. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  const root: unknown = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  let node = isJsonObject(root) ? root : {};
  for (const step of path) {
    const { properties, additionalProperties, items } = node;
    const named: Json | undefined = isJsonObject(properties) ? properties[String(step)] : undefined;
    const next = typeof step === 'number' ? items : (named ?? additionalProperties);
    node = next !== undefined && isJsonObject(next) ? next : {};
  }
  return Object.keys(node['properties'] ?? {});
}
