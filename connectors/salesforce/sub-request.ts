import { z } from 'zod';
import type { PartCall } from '../../src/connector/contract.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { lowerCase } from './fields.ts';

/** One request inside a composite, as the vendor has it; headers of its own are refused. */
export const subRequest = z.strictObject({
  method: z.enum(['GET', 'POST', 'PATCH', 'DELETE']),
  url: z.string().max(2_000),
  referenceId: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_]{0,39}$/, 'a reference id is a letter, then letters, digits and _'),
  body: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
});
export type SubRequest = z.output<typeof subRequest>;

/** The whole value is the id that an earlier sub-request answers: the only reference that is let through. */
const ID_REFERENCE = /^@\{([A-Za-z][A-Za-z0-9_]{0,39})\.[iI]d\}$/;

/**
 * The typed operation that a sub-request is, by its method and URL. Throws INVALID_INPUT for one that is none, and for a
 * reference anywhere but as the whole value of a field: what it stands for is not known when the composite is judged.
 */
export function partOf(request: SubRequest, { version, earlier, isData }: Judging): PartCall {
  const { method, url, body } = request;
  const prefix = `/services/data/v${version}/sobjects/`;
  if (!url.startsWith(prefix) || url.includes('@') || url.includes('%'))
    throw refused(request, `its URL is not below ${prefix}, or holds a reference or an escape`);
  const [path = '', query, ...more] = url.slice(prefix.length).split('?');
  const [object = '', ...rest] = path.split('/');
  if (query !== undefined && (method !== 'GET' || more.length > 0)) throw refused(request, 'it has a query');
  const fields = checkedBody(request, { earlier, mayRefer: isData(object) });
  const wantsBody = method === 'POST' || method === 'PATCH';
  if (wantsBody !== (body !== undefined)) throw refused(request, 'a body goes with POST and PATCH, and nothing else');
  const part = partFor({ method, object, rest, fields, query });
  if (part === undefined) throw refused(request, 'it is none of the operations that a composite may carry');
  return part;
}

/** What is known where one sub-request is judged. */
export interface Judging {
  readonly version: string;
  /** Reference ids of the sub-requests before it. */
  readonly earlier: readonly string[];
  /** Whether an object's fields decide nothing but themselves. */
  readonly isData: (object: string) => boolean;
}

function refused({ referenceId }: SubRequest, why: string): InterlockError {
  return new InterlockError('INVALID_INPUT', `sub-request ${referenceId}: ${why}`);
}

function checkedBody(
  request: SubRequest,
  { earlier, mayRefer }: { readonly earlier: readonly string[]; readonly mayRefer: boolean },
): JsonObject {
  for (const value of Object.values(request.body ?? {})) {
    if (typeof value !== 'string' || !value.includes('@{')) continue;
    const name = ID_REFERENCE.exec(value)?.[1];
    if (!mayRefer || name === undefined || !earlier.includes(name))
      throw refused(request, 'a reference stands only for the id of an earlier record, in a field of plain data');
  }
  return request.body ?? {};
}

interface Parsed {
  readonly method: SubRequest['method'];
  readonly object: string;
  readonly rest: readonly string[];
  readonly fields: JsonObject;
  readonly query: string | undefined;
}

function partFor({ method, object, rest, fields, query }: Parsed): PartCall | undefined {
  const [first, second] = rest;
  switch (`${method} ${rest.length}`) {
    case 'POST 0':
      return grantOf(object, fields) ?? { operation: 'salesforce.record.create', input: { object, fields } };
    case 'PATCH 1':
      return { operation: 'salesforce.record.update', input: { object, id: first ?? '', fields } };
    case 'PATCH 2':
      return {
        operation: 'salesforce.record.upsert',
        input: { object, externalIdField: first ?? '', externalId: second ?? '', fields },
      };
    case 'DELETE 1':
      return lowerCase(object) === 'permissionsetassignment'
        ? { operation: 'salesforce.permission-set-assignment.delete', input: { id: first ?? '' } }
        : { operation: 'salesforce.record.delete', input: { object, id: first ?? '' } };
    case 'GET 1': {
      const wanted = /^fields=([\w,]+)$/.exec(query ?? '')?.[1];
      if (wanted === undefined) return undefined;
      return { operation: 'salesforce.record.get', input: { object, id: first ?? '', fields: wanted.split(',') } };
    }
    default:
      return undefined;
  }
}

/** A grant is judged by the operation that is named so, and not only by what it does. */
function grantOf(object: string, fields: JsonObject): PartCall | undefined {
  if (lowerCase(object) !== 'permissionsetassignment') return undefined;
  const byName = new Map(Object.entries(fields).map(([name, value]) => [lowerCase(name), value]));
  const [userId, permissionSetId] = [byName.get('assigneeid'), byName.get('permissionsetid')];
  if (byName.size !== 2 || userId === undefined || permissionSetId === undefined) return undefined;
  return { operation: 'salesforce.permission-set-assignment.create', input: { userId, permissionSetId } };
}
