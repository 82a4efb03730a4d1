import type { HttpCall } from '../../src/connector/http/http-client.ts';
import type { JsonObject } from '../../src/lib/json.ts';

/** One method of the Web API. Its arguments go as a form, as the vendor's SDK sends them; lists and objects in it as text. */
export function methodCall(method: string, fields: JsonObject): HttpCall {
  const form = Object.entries(fields).flatMap(([name, value]) => {
    if (value === undefined || value === null) return [];
    return [[name, typeof value === 'object' ? JSON.stringify(value) : String(value)] as const];
  });
  return { method: 'POST', path: `/api/${method}`, form: Object.fromEntries(form) };
}
