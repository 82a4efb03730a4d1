import { z } from 'zod';
import type { SimulatorResponse, SimulatorWorld } from '../../../src/connector/simulator/create-simulator.ts';
import type { Json, JsonObject } from '../../../src/lib/json.ts';
import type { Tenant } from './tenant.ts';

/** One call to a service, by somebody who is known. */
export interface ServiceCall {
  readonly tenant: Tenant;
  readonly world: SimulatorWorld;
  /** The integration user that the token belongs to. */
  readonly account: string;
  /** What stands for `:id` in the route; empty where it has none. */
  readonly id: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** Routes as `GET common/v1/workers/:id`: service, version and path, without the tenant. */
export type Routes = Readonly<Record<string, (call: ServiceCall) => SimulatorResponse>>;

/** Workday's own pages: 20 by default, 100 at most [spec]. */
const DEFAULT_PAGE = 20;
const MOST_PER_PAGE = 100;

export function ok(body: Json): SimulatorResponse {
  return { status: 200, body };
}

export function created(body: Json): SimulatorResponse {
  return { status: 201, body };
}

/** `ERROR_MODEL` with one message per failed validation [spec]. */
export function invalid(...messages: readonly string[]): SimulatorResponse {
  return { status: 400, body: { error: 'Invalid request.', errors: messages.map((error) => ({ error })) } };
}

export function notFound(): SimulatorResponse {
  return { status: 404, body: { error: 'Resource not found.' } };
}

/** One page of a list: `{ total, data }`. */
export function page(query: URLSearchParams, items: readonly Json[]): SimulatorResponse {
  const limit = Number(query.get('limit') ?? DEFAULT_PAGE);
  const offset = Number(query.get('offset') ?? 0);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_PER_PAGE)
    return invalid(`The limit must be between 1 and ${MOST_PER_PAGE}.`);
  return ok({ total: items.length, data: items.slice(offset, offset + limit) });
}

/** Another thing, with its name where it is known. */
export function instanceOf(id: string, names: ReadonlyMap<string, string>): JsonObject {
  const descriptor = names.get(id);
  return { id, ...(descriptor !== undefined && { descriptor }) };
}

/** A status, whose id means nothing to anybody. */
export function statusOf(descriptor: string): JsonObject {
  return { id: `Status=${descriptor.replaceAll(' ', '_')}`, descriptor };
}

/** A reference in a request body. */
export const referenceTo = z.object({ id: z.string() });

/** The action that marked a text as its own, if any. */
export function correlationIn(text: string | undefined): string | undefined {
  return /\[interlock ([^\]]+)\]/.exec(text ?? '')?.[1];
}
