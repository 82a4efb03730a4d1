import { z } from 'zod';
import type { SimulatorResponse, SimulatorWorld } from '../../../src/connector/simulator/create-simulator.ts';
import {
  correlationOf,
  fieldNamed,
  findById,
  newId,
  OBJECTS,
  objectNamed,
  type Row,
  type SimulatedOrg,
  tableOf,
} from './org.ts';
import { created, done, notFound, refuse } from './replies.ts';

const values = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

export interface Place {
  readonly org: SimulatedOrg;
  readonly world: SimulatorWorld;
}

/** The values of a body under the names of the object's fields; what was refused otherwise. */
function readValues(object: string, body: unknown): Row | SimulatorResponse {
  const parsed = values.safeParse(body);
  if (!parsed.success) return refuse(400, 'JSON_PARSER_ERROR', 'The HTTP entity body is required');
  const row: Row = {};
  for (const [name, value] of Object.entries(parsed.data)) {
    const field = fieldNamed(object, name);
    if (field === undefined || field === 'Id')
      return refuse(400, 'INVALID_FIELD', `No such column '${name}' on sobject of type ${object}`, [name]);
    row[field] = typeof value === 'string' ? value.trim() || null : value;
  }
  return row;
}

const isReply = (found: Row | SimulatorResponse): found is SimulatorResponse =>
  'status' in found && 'body' in found && typeof found['status'] === 'number';

export function createRow({ org, world }: Place, objectAsked: string, body: unknown): SimulatorResponse {
  const object = objectNamed(objectAsked);
  if (object === undefined) return notFound();
  const row = readValues(object, body);
  if (isReply(row)) return row;
  const missing = (OBJECTS[object]?.required ?? []).filter((field) => row[field] === undefined || row[field] === null);
  if (missing.length > 0)
    return refuse(400, 'REQUIRED_FIELD_MISSING', `Required fields are missing: [${missing.join(', ')}]`, missing);
  if (object === 'PermissionSetAssignment' && hasTwin(org, row))
    return refuse(400, 'DUPLICATE_VALUE', 'duplicate value found: PermissionSetAssignment', []);
  const id = newId(object, world);
  const blank = Object.fromEntries((OBJECTS[object]?.fields ?? []).map((field) => [field, null]));
  tableOf(org, object).set(id, { ...blank, ...row, Id: id });
  world.audit(`${object}.create`, id, correlationOf(row));
  return created(id);
}

function hasTwin(org: SimulatedOrg, row: Row): boolean {
  return [...tableOf(org, 'PermissionSetAssignment').values()].some(
    (other) => other['AssigneeId'] === row['AssigneeId'] && other['PermissionSetId'] === row['PermissionSetId'],
  );
}

export function updateRow({ org, world }: Place, objectAsked: string, id: string, body: unknown): SimulatorResponse {
  const object = objectNamed(objectAsked);
  const row = object === undefined ? undefined : tableOf(org, object).get(id);
  if (object === undefined || row === undefined) return gone(org, id);
  const written = readValues(object, body);
  if (isReply(written)) return written;
  // What changes nothing is no effect.
  if (Object.entries(written).every(([field, value]) => row[field] === value)) return done();
  Object.assign(row, written);
  world.audit(`${object}.update`, id);
  return done();
}

export function upsertRow(place: Place, key: UpsertKey, body: unknown): SimulatorResponse {
  const object = objectNamed(key.object);
  const field = object === undefined ? undefined : fieldNamed(object, key.field);
  if (object === undefined || field === undefined) return notFound();
  const found = [...tableOf(place.org, object).values()].find((row) => row[field] === key.value);
  if (found === undefined) {
    const reply = createRow(place, object, { ...Object(body), [field]: key.value });
    return reply.status === 201 ? { status: 201, body: { ...Object(reply.body), created: true } } : reply;
  }
  const id = String(found['Id']);
  const reply = updateRow(place, object, id, body);
  return reply.status === 204 ? { status: 200, body: { id, success: true, errors: [], created: false } } : reply;
}

interface UpsertKey {
  readonly object: string;
  readonly field: string;
  readonly value: string;
}

export function deleteRow({ org, world }: Place, objectAsked: string | undefined, id: string): SimulatorResponse {
  const found = findById(org, id);
  if (found === undefined || (objectAsked !== undefined && objectNamed(objectAsked) !== found.object))
    return gone(org, id);
  if (found.object === 'User') return refuse(400, 'DELETE_FAILED', 'Users are deactivated, not deleted');
  tableOf(org, found.object).delete(id);
  // Rows that only link two others do not go through the bin.
  if (found.object !== 'PermissionSetAssignment' && found.object !== 'GroupMember') org.bin.set(id, found);
  world.audit(`${found.object}.delete`, id);
  return done();
}

function gone(org: SimulatedOrg, id: string): SimulatorResponse {
  return org.bin.has(id) ? refuse(404, 'ENTITY_IS_DELETED', 'entity is deleted') : notFound();
}
