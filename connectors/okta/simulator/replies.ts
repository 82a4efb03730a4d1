import type { SimulatorResponse } from '../../../src/connector/simulator/create-simulator.ts';
import type { Json } from '../../../src/lib/json.ts';
import type { SimulatedCall } from './org.ts';

/** Status and summary by code [doc: error codes]. */
const ERRORS = {
  E0000001: [400, 'Api validation failed'],
  E0000003: [400, 'The request body was not well-formed.'],
  E0000004: [401, 'Authentication failed'],
  E0000006: [403, 'You do not have permission to perform the requested action'],
  E0000007: [404, 'Not found: Resource not found'],
  E0000008: [404, 'The requested path was not found'],
  E0000009: [500, 'Internal Server Error'],
  E0000011: [401, 'Invalid token provided'],
  E0000016: [403, 'Activation failed because the user is already active'],
  E0000028: [400, 'The request is missing a required parameter.'],
  E0000031: [400, 'Invalid search criteria.'],
  E0000033: [400, 'Cannot specify a search query and filter in the same request.'],
  E0000038: [403, "This operation is not allowed in the user's current status."],
  E0000047: [429, 'API call exceeded rate limit due to too many requests.'],
  E0000056: [403, 'Delete application forbidden.'],
  E0000060: [501, 'Unsupported operation.'],
  E0000211: [400, 'Roles cannot be granted to built-in groups'],
  E0000231: [412, "ETag value doesn't match."],
  E0000090: [409, 'The role specified is already assigned to the user.'],
} as const;

export type OktaErrorCode = keyof typeof ERRORS;

/** An error as Okta sends it; `cause` goes into errorCauses. */
export function refuse(code: OktaErrorCode, cause?: string): SimulatorResponse {
  const [status, errorSummary] = ERRORS[code];
  const errorCauses = cause === undefined ? [] : [{ errorSummary: cause }];
  return { status, body: { errorCode: code, errorSummary, errorLink: code, errorId: `oae${code}`, errorCauses } };
}

export const ok = (body: Json, headers: Readonly<Record<string, string>> = {}): SimulatorResponse => ({
  status: 200,
  body,
  headers,
});

export const empty = (): SimulatorResponse => ({ status: 204 });

/** Largest page and default page of the lists [spec]. */
const PAGE_ITEMS = 200;

/** One page, with Link headers for itself and the next [doc: link header]; the cursor is opaque to clients. */
export function pageOf(items: readonly Json[], { request }: SimulatedCall): SimulatorResponse {
  const from = Number(Buffer.from(request.query.get('after') ?? '', 'base64url').toString() || '0');
  const limit = Number(request.query.get('limit') ?? PAGE_ITEMS);
  if (!Number.isInteger(from) || !Number.isInteger(limit) || limit < 1) return refuse('E0000031');
  const to = from + Math.min(limit, PAGE_ITEMS);
  const links = [`<${urlOf(request, request.query.get('after') ?? undefined)}>; rel="self"`];
  if (to < items.length) links.push(`<${urlOf(request, Buffer.from(String(to)).toString('base64url'))}>; rel="next"`);
  return ok(items.slice(from, to), { link: links.join(', ') });
}

function urlOf({ headers, path, query }: SimulatedCall['request'], after: string | undefined): string {
  const copy = new URLSearchParams(query);
  if (after !== undefined) copy.set('after', after);
  return `http://${headers['host'] ?? ''}${path}${copy.size === 0 ? '' : `?${copy}`}`;
}
