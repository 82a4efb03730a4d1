import { z } from 'zod';
import type { SimulatorResponse } from '../../../src/connector/simulator/create-simulator.ts';
import type { Json } from '../../../src/lib/json.ts';
import { fieldNamed, OBJECTS, objectNamed, type Row, type SimulatedOrg, tableOf } from './org.ts';
import { answerLocator, answerQuery, answerQueryAll, shown } from './query.ts';
import { isRefused, notFound, ok, refuse } from './replies.ts';
import type { RestCall } from './rest-call.ts';
import { createRow, deleteRow, type Place, updateRow, upsertRow } from './rows.ts';
import { answerApproval, answerEmail, answerJobs } from './work.ts';

export function answerRest(place: Place, call: RestCall): SimulatorResponse {
  const { method, segments, query, body, version } = call;
  const [first, ...rest] = segments;
  switch (first) {
    case 'sobjects':
      return answerObjects(place, { ...call, segments: rest });
    case 'queryAll':
      return answerQueryAll({ ...place, version }, query.get('q') ?? '');
    case 'query':
      return rest[0] === undefined
        ? answerQuery({ ...place, version }, query.get('q') ?? '')
        : answerLocator({ ...place, version }, rest[0]);
    case 'parameterizedSearch':
      return search(place.org, body);
    case 'limits':
      return ok({ DailyApiRequests: { Max: 15_000, Remaining: 15_000 - place.org.requests } });
    case 'composite':
      return rest[0] === 'sobjects'
        ? answerCollection(place, { ...call, segments: rest.slice(1) })
        : composite(place, call);
    case 'process':
      return answerApproval(place, body);
    case 'actions':
      return answerEmail(place, body);
    case 'jobs':
      return answerJobs(place, { ...call, segments: rest.slice(1) });
    case 'tooling':
      return method === 'GET' && rest[0] === 'executeAnonymous'
        ? execute(place, query.get('anonymousBody') ?? '')
        : notFound();
    default:
      return notFound();
  }
}

function answerObjects(place: Place, { method, segments, query, body }: RestCall): SimulatorResponse {
  const [object = '', id, value] = segments;
  if (id === 'describe') return describe(object);
  switch (`${method} ${segments.length}`) {
    case 'POST 1':
      return createRow(place, object, body);
    case 'GET 2':
      return readRow(place.org, { object, id: id ?? '', fields: query.get('fields') });
    case 'PATCH 2':
      return updateRow(place, object, id ?? '', body);
    case 'PATCH 3':
      return upsertRow(place, { object, field: id ?? '', value: value ?? '' }, body);
    case 'DELETE 2':
      return deleteRow(place, object, id ?? '');
    default:
      return refuse(405, 'METHOD_NOT_ALLOWED', `HTTP Method '${method}' not allowed`);
  }
}

function readRow(
  org: SimulatedOrg,
  wanted: { readonly object: string; readonly id: string; readonly fields: string | null },
): SimulatorResponse {
  const object = objectNamed(wanted.object);
  const row = object === undefined ? undefined : tableOf(org, object).get(wanted.id);
  if (object === undefined || row === undefined) return notFound();
  const names = wanted.fields?.split(',') ?? ['Id', ...(OBJECTS[object]?.fields ?? [])];
  const fields = names.map((name) => fieldNamed(object, name));
  if (fields.includes(undefined)) return refuse(400, 'INVALID_FIELD', `No such column on entity '${object}'`);
  return ok(
    shown(
      object,
      row,
      fields.filter((field) => field !== undefined),
    ),
  );
}

function describe(asked: string): SimulatorResponse {
  const name = objectNamed(asked);
  if (name === undefined) return notFound();
  const fields = ['Id', ...(OBJECTS[name]?.fields ?? [])].map((field) => ({
    name: field,
    label: field,
    type: field.endsWith('Id') ? 'reference' : 'string',
    updateable: field !== 'Id',
  }));
  return ok({ name, label: name, custom: name.endsWith('__c'), fields });
}

const searchBody = z.object({
  q: z.string(),
  sobjects: z.tuple([z.object({ name: z.string(), fields: z.array(z.string()), limit: z.int() })]),
});

function search(org: SimulatedOrg, body: unknown): SimulatorResponse {
  const parsed = searchBody.safeParse(body);
  if (!parsed.success) return refuse(400, 'MALFORMED_SEARCH', 'search needs a term');
  const [{ name, fields, limit }] = parsed.data.sobjects;
  const object = objectNamed(name);
  if (object === undefined) return notFound();
  const term = parsed.data.q.toLowerCase();
  const found = [...tableOf(org, object).values()].filter((row) =>
    Object.values(row).some((value) => String(value).toLowerCase().includes(term)),
  );
  return ok({ searchRecords: found.slice(0, limit).map((row) => shown(object, row, fields)) });
}

function execute({ world }: Place, code: string): SimulatorResponse {
  const compiled = code.trimEnd().endsWith(';');
  if (compiled) world.audit('apex.execute', 'org');
  const problem = compiled ? null : "Unexpected token '<EOF>'.";
  return ok({ compiled, success: compiled, compileProblem: problem, exceptionMessage: null, line: -1, column: -1 });
}

const collection = z.object({
  allOrNone: z.boolean().default(false),
  records: z.array(z.looseObject({ attributes: z.object({ type: z.string() }), id: z.string().optional() })),
});

/** Many records at once; with allOrNone nothing of it stays where one is refused. */
function answerCollection(place: Place, { method, query, body }: RestCall): SimulatorResponse {
  const before = snapshot(place.org);
  if (method === 'DELETE') {
    const ids = (query.get('ids') ?? '').split(',');
    return settle(
      place.org,
      before,
      ids.map((id) =>
        resultOf(
          quiet(place, (p) => deleteRow(p, undefined, id)),
          id,
        ),
      ),
    );
  }
  const parsed = collection.safeParse(body);
  if (!parsed.success || parsed.data.records.length > 200)
    return refuse(400, 'EXCEEDED_ID_LIMIT', 'record limit reached');
  const results = parsed.data.records.map(({ attributes, id, ...fields }) =>
    method === 'POST'
      ? resultOf(quiet(place, (p) => createRow(p, attributes.type, fields)))
      : resultOf(
          quiet(place, (p) => updateRow(p, attributes.type, id ?? '', fields)),
          id,
        ),
  );
  return settle(place.org, before, results);
}

interface Part {
  readonly reply: SimulatorResponse;
  readonly id: string | undefined;
  /** Says in the audit what was done; asked once it is certain to stay. */
  readonly confirm: () => void;
}

/** Runs one part and keeps its audit back. */
function quiet(place: Place, run: (place: Place) => SimulatorResponse): Omit<Part, 'id'> {
  const entries: Parameters<Place['world']['audit']>[] = [];
  const reply = run({ org: place.org, world: { ...place.world, audit: (...entry) => void entries.push(entry) } });
  const confirm = () => {
    for (const entry of entries) place.world.audit(...entry);
  };
  return { reply, confirm };
}

function resultOf({ reply, confirm }: Omit<Part, 'id'>, id?: string): Part {
  return { reply, confirm, id: id ?? Object(reply.body)['id'] };
}

function settle(org: SimulatedOrg, before: Snapshot, parts: readonly Part[]): SimulatorResponse {
  const failed = parts.some(({ reply }) => isRefused(reply));
  if (failed) restore(org, before);
  else for (const { confirm } of parts) confirm();
  return ok(
    parts.map(({ reply, id }): Json => {
      if (!failed) return { id: id ?? '', success: true, errors: [] };
      const [error] = Array.isArray(reply.body) ? reply.body : [];
      const halted = { statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK', message: 'rolled back', fields: [] };
      const own = { statusCode: Object(error)['errorCode'], message: Object(error)['message'], fields: [] };
      return { success: false, errors: [isRefused(reply) ? own : halted] };
    }),
  );
}

const compositeBody = z.object({
  allOrNone: z.boolean().default(false),
  compositeRequest: z.array(
    z.object({ method: z.string(), url: z.string(), referenceId: z.string(), body: z.unknown().optional() }),
  ),
});

function composite(place: Place, call: RestCall): SimulatorResponse {
  const parsed = compositeBody.safeParse(call.body);
  if (!parsed.success || parsed.data.compositeRequest.length > 25) return refuse(400, 'LIMIT_EXCEEDED', 'too many');
  const before = snapshot(place.org);
  const bodies = new Map<string, unknown>();
  const parts = parsed.data.compositeRequest.map(({ method, url, referenceId, body }) => {
    const [path = '', query] = url.split('?');
    const segments = path.split('/').slice(4);
    const sub = {
      method,
      segments,
      query: new URLSearchParams(query),
      body: resolved(body, bodies),
      version: call.version,
    };
    const part = quiet(place, (p) => answerRest(p, sub));
    bodies.set(referenceId, part.reply.body);
    return { referenceId, ...part };
  });
  const failed = parsed.data.allOrNone && parts.some(({ reply }) => isRefused(reply));
  if (failed) restore(place.org, before);
  else for (const { confirm } of parts) confirm();
  const halted = [
    { errorCode: 'PROCESSING_HALTED', message: 'The transaction was rolled back since another operation failed.' },
  ];
  return ok({
    compositeResponse: parts.map(({ referenceId, reply }): Json => {
      const stopped = failed && !isRefused(reply);
      const body = stopped ? halted : (reply.body ?? null);
      return { referenceId, httpStatusCode: stopped ? 400 : reply.status, httpHeaders: {}, body };
    }),
  });
}

/** References to earlier answers, `@{name.id}`, replaced by what those were. */
function resolved(body: unknown, bodies: ReadonlyMap<string, unknown>): unknown {
  if (body === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(Object(body)).map(([name, value]) => {
      const [, reference = '', field = ''] = /^@\{(\w+)\.(\w+)\}$/.exec(String(value)) ?? [];
      return [name, reference === '' ? value : Object(bodies.get(reference))[field]];
    }),
  );
}

interface Snapshot {
  readonly tables: readonly (readonly [string, ReadonlyMap<string, Row>])[];
  readonly bin: SimulatedOrg['bin'];
}

function snapshot(org: SimulatedOrg): Snapshot {
  const rowsOf = (table: ReadonlyMap<string, Row>) => new Map([...table].map(([id, row]) => [id, { ...row }]));
  return { tables: [...org.tables].map(([object, table]) => [object, rowsOf(table)]), bin: new Map(org.bin) };
}

function restore(org: SimulatedOrg, before: Snapshot): void {
  org.tables.clear();
  for (const [object, table] of before.tables) org.tables.set(object, new Map(table));
  org.bin.clear();
  for (const [id, entry] of before.bin) org.bin.set(id, entry);
}
