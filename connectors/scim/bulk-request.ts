import { z } from 'zod';
import type { PartCall } from '../../src/connector/contract.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../src/lib/json.ts';
import { ATTRIBUTES, PATHS } from './user-schema.ts';

/** One operation inside a bulk request (RFC 7644 §3.7). PUT is not taken: what a replacement takes away does not show. */
export const bulkRequest = z.strictObject({
  method: z.enum(['POST', 'PATCH', 'DELETE']),
  path: z.string().max(300),
  bulkId: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'letters, digits, _ and -')
    .optional(),
  data: z.record(z.string(), z.json()).optional(),
});
export type BulkRequest = z.output<typeof bulkRequest>;

const step = z.strictObject({ op: z.string(), path: z.string(), value: z.json().optional() });
const patchOp = z.strictObject({
  schemas: z.array(z.string()).optional(),
  Operations: z.array(step).min(1).max(100),
});
type Step = z.output<typeof step>;

const MEMBER = /^members\[value eq "([A-Za-z0-9._~-]{1,128})"\]$/;
const memberValues = z.array(z.strictObject({ value: z.string() })).min(1);

/**
 * The typed operation that a bulk operation is. Throws INVALID_INPUT for one that is none, and for a `bulkId:` reference:
 * what it stands for is not known when the request is judged.
 */
export function partOf(request: BulkRequest): PartCall {
  const { method, path, data = {} } = request;
  const [, kind, id] = /^\/(Users|Groups)(?:\/([A-Za-z0-9._~-]{1,128}))?$/.exec(path) ?? [];
  if (kind === undefined)
    throw refused(request, 'its path is none of /Users and /Groups, or holds an escape or a query');
  if (JSON.stringify(data).includes('bulkId:')) throw refused(request, 'it refers to a resource that is not there yet');
  if ((method === 'POST') !== (request.bulkId !== undefined))
    throw refused(request, 'a bulkId goes with POST, and only with it');
  if ((method === 'POST') !== (id === undefined))
    throw refused(request, 'POST goes to the collection, the others to one resource');
  if (method === 'DELETE' && request.data !== undefined) throw refused(request, 'DELETE has no data');
  const part = kind === 'Users' ? userPart(method, id ?? '', data) : groupPart(method, id ?? '', data);
  if (part === undefined) throw refused(request, 'it is none of the operations that a bulk request may carry');
  return part;
}

function userPart(method: BulkRequest['method'], userId: string, data: JsonObject): PartCall | undefined {
  if (method === 'DELETE') return { operation: 'scim.user.delete', input: { userId } };
  if (method === 'POST') return { operation: 'scim.user.create', input: newUser(data) };
  const steps = stepsIn(data);
  const [first, ...others] = steps;
  if (first?.path === 'active' && isVerb(first, 'replace') && others.length === 0) {
    const active = booleanOf(first.value);
    return active === undefined
      ? undefined
      : { operation: `scim.user.${active ? 'activate' : 'deactivate'}`, input: { userId } };
  }
  const changes = steps.map((each) => changeOf(each));
  if (changes.some((change) => change === undefined) || steps.length === 0) return undefined;
  const names = changes.map((change) => change?.[0]);
  if (new Set(names).size < names.length) return undefined;
  return {
    operation: 'scim.user.update',
    input: { userId, ...Object.fromEntries(changes.filter((change) => change !== undefined)) },
  };
}

/** A user as RFC 7643 writes one, as the input of user.create; whatever it has no place for is refused there. */
function newUser({ schemas: _, name, emails, active, ...rest }: JsonObject): JsonObject {
  const email =
    Array.isArray(emails) && emails.length === 1 && isJsonObject(emails[0]) ? emails[0]['value'] : undefined;
  return {
    ...rest,
    ...(isJsonObject(name) ? name : name === undefined ? {} : { name }),
    ...(email === undefined ? (emails === undefined ? {} : { emails }) : { email }),
    // SCIM leaves the default to the service; what is not said is not given.
    ...(active === undefined ? {} : { active: booleanOf(active) ?? active }),
  };
}

function changeOf({ op, path, value }: Step): readonly [string, Json] | undefined {
  const attribute = ATTRIBUTES.find((each) => PATHS[each] === path);
  if (attribute === undefined) return undefined;
  if (op.toLowerCase() === 'replace' && typeof value === 'string') return [attribute, value];
  return op.toLowerCase() === 'remove' && value === undefined ? [attribute, null] : undefined;
}

function groupPart(method: BulkRequest['method'], groupId: string, data: JsonObject): PartCall | undefined {
  if (method === 'DELETE') return { operation: 'scim.group.delete', input: { groupId } };
  if (method === 'POST') return newGroup(data);
  const steps = stepsIn(data);
  const [first] = steps;
  if (first === undefined) return undefined;
  if (steps.length === 1 && first.path === 'displayName' && isVerb(first, 'replace') && first.value !== undefined)
    return { operation: 'scim.group.rename', input: { groupId, displayName: first.value } };
  if (steps.every((each) => isVerb(each, 'remove'))) {
    const named = steps.map(({ path, value }) => removedBy(path, value));
    if (named.some((ids) => ids === undefined)) return undefined;
    const memberIds = named.flatMap((ids) => ids ?? []);
    return { operation: 'scim.group.remove-members', input: { groupId, memberIds } };
  }
  const added = memberValues.safeParse(first.value);
  if (steps.length > 1 || first.path !== 'members' || !isVerb(first, 'add') || !added.success) return undefined;
  return { operation: 'scim.group.add-members', input: { groupId, memberIds: added.data.map(({ value }) => value) } };
}

/** Undefined for what names no single members: `remove` of `members` alone empties the group. */
function removedBy(path: string, value: Json | undefined): readonly string[] | undefined {
  const id = MEMBER.exec(path)?.[1];
  if (id !== undefined) return value === undefined ? [id] : undefined;
  const listed = memberValues.safeParse(value);
  return path === 'members' && listed.success ? listed.data.map((member) => member.value) : undefined;
}

function newGroup({ schemas: _, members, ...rest }: JsonObject): PartCall | undefined {
  const listed = memberValues.safeParse(members ?? []);
  if (members !== undefined && !listed.success) return undefined;
  const memberIds = listed.success ? listed.data.map(({ value }) => value) : [];
  return { operation: 'scim.group.create', input: { ...rest, memberIds } };
}

function stepsIn(data: JsonObject): readonly Step[] {
  return patchOp.safeParse(data).data?.Operations ?? [];
}

/** Verbs are read without case, as services read them. */
function isVerb({ op }: Step, verb: string): boolean {
  return op.toLowerCase() === verb;
}

function booleanOf(value: Json | undefined): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value.toLowerCase() : '';
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

function refused({ method, path }: BulkRequest, why: string): InterlockError {
  return new InterlockError('INVALID_INPUT', `${method} ${path.slice(0, 80)}: ${why}`);
}
