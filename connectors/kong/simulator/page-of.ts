import type { SimulatorResponse } from '../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';
import type { JsonObject } from '../../../src/lib/json.ts';

/** `size` things, and the token of what follows. */
export function pageOf(things: readonly JsonObject[], { query, path }: SimulatorRequest): SimulatorResponse {
  const size = Number(query.get('size') ?? 100);
  const from = Number(Buffer.from(query.get('offset') ?? '', 'base64').toString() || 0);
  const data = things.slice(from, from + size);
  if (from + size >= things.length) return { status: 200, body: { data, next: null } };
  const offset = Buffer.from(String(from + size)).toString('base64');
  return { status: 200, body: { data, offset, next: `${path}?offset=${offset}` } };
}
