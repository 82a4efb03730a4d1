import type { SimulatorResponse, SimulatorWorld } from '../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { SEED } from './seed.ts';

/** What stands below one path: listed, read, deleted, made. */
interface Collection {
  readonly path: string;
  /** In the audit, as `file.delete`. */
  readonly noun: string;
  readonly items: Map<string, JsonObject>;
  readonly make?: (request: SimulatorRequest, world: SimulatorWorld) => JsonObject | undefined;
  /** Verbs behind an id, and the status that they leave. */
  readonly verbs?: Readonly<Record<string, string>>;
}

export interface Inventory {
  readonly models: ReadonlyMap<string, JsonObject>;
  /** Undefined: the path is none of these. */
  answer(request: SimulatorRequest, world: SimulatorWorld): SimulatorResponse | undefined;
}

const CREATED = 1_767_225_600;

export function createInventory(): Inventory {
  const models = byId(
    Object.values(SEED.models).map((id) => ({
      id,
      object: 'model',
      created: CREATED,
      owned_by: id.startsWith('ft:') ? 'acme' : 'system',
    })),
  );
  const collections: readonly Collection[] = [
    { path: '/models', noun: 'model', items: models },
    {
      path: '/files',
      noun: 'file',
      items: byId([fileOf(SEED.files.training, 'training.jsonl', 'fine-tune', 120)]),
      make: uploaded,
    },
    {
      path: '/fine_tuning/jobs',
      noun: 'job',
      items: byId([jobOf(SEED.jobs.running, SEED.models.small, SEED.files.training)]),
      make: ({ body }, { id }) =>
        jobOf(`ftjob-${id()}`, String(Object(body).model), String(Object(body).training_file)),
      verbs: { cancel: 'cancelled' },
    },
    {
      path: '/organization/admin_api_keys',
      noun: 'admin-key',
      items: byId([keyOf(SEED.adminKeys.old, 'Old')]),
      make: ({ body }, { id }) => ({ ...keyOf(`key_${id()}`, String(Object(body).name)), value: `sk-admin-${id()}` }),
    },
    {
      path: '/organization/projects',
      noun: 'project',
      items: byId([
        { id: SEED.projects.web, object: 'organization.project', name: 'Web', status: 'active', created_at: CREATED },
      ]),
      verbs: { archive: 'archived' },
    },
  ];
  return {
    models,
    answer(request, world) {
      const below = request.path.slice('/v1'.length);
      const found = collections.find(({ path }) => below === path || below.startsWith(`${path}/`));
      return found && answerFrom(found, request, world);
    },
  };
}

function answerFrom(
  { path, noun, items, make, verbs = {} }: Collection,
  request: SimulatorRequest,
  world: SimulatorWorld,
): SimulatorResponse {
  const [id, verb] = request.path
    .slice('/v1'.length + path.length + 1)
    .split('/')
    .map(decodeURIComponent);
  if (id === undefined || id === '') {
    if (request.method === 'GET') return pageOf([...items.values()], request.query);
    const made = make?.(request, world);
    if (made === undefined) return refuse(400, 'invalid_request_error', 'this cannot be made so');
    world.audit(`${noun}.create`, String(made['id']));
    items.set(String(made['id']), made);
    return { status: 200, body: made };
  }
  const item = items.get(id);
  if (item === undefined) return refuse(404, 'not_found', `No such ${noun}: ${id}`);
  const left = verb === undefined ? undefined : verbs[verb];
  if (request.method === 'POST' && left !== undefined) {
    if (item['status'] === left) return refuse(400, 'invalid_request_error', `It is ${left} already.`);
    const changed = { ...item, status: left };
    items.set(id, changed);
    world.audit(`${noun}.${verb}`, id);
    return { status: 200, body: changed };
  }
  if (request.method === 'GET') return { status: 200, body: item };
  if (noun === 'model' && item['owned_by'] === 'system')
    return refuse(403, 'forbidden', 'Only fine-tuned models can be deleted.');
  items.delete(id);
  world.audit(`${noun}.delete`, id);
  return { status: 200, body: { id, object: item['object'] ?? noun, deleted: true } };
}

function pageOf(items: readonly JsonObject[], query: URLSearchParams): SimulatorResponse {
  const after = query.get('after');
  const begin = after === null ? 0 : items.findIndex(({ id }) => id === after) + 1;
  const data = items.slice(begin, begin + Number(query.get('limit') ?? 10_000));
  const has_more = begin + data.length < items.length;
  return {
    status: 200,
    body: { object: 'list', data, has_more, first_id: data[0]?.['id'] ?? '', last_id: data.at(-1)?.['id'] ?? '' },
  };
}

export function refuse(status: number, code: string, message: string): SimulatorResponse {
  return { status, body: { error: { message, type: 'invalid_request_error', param: null, code } } };
}

function uploaded({ headers, body }: SimulatorRequest, { id }: SimulatorWorld): JsonObject | undefined {
  const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(headers['content-type'] ?? '')?.[1];
  const text = String(body);
  const purpose = /name="purpose"\r\n\r\n([^\r]+)\r\n/.exec(text)?.[1];
  const filename = /name="file"; filename="([^"]+)"/.exec(text)?.[1];
  const ends = boundary !== undefined && text.endsWith(`--${boundary}--\r\n`);
  return ends && purpose !== undefined && filename !== undefined
    ? fileOf(`file-${id()}`, filename, purpose, text.length)
    : undefined;
}

function byId(items: readonly JsonObject[]): Map<string, JsonObject> {
  return new Map(items.map((item) => [String(item['id']), item]));
}

function fileOf(id: string, filename: string, purpose: string, bytes: number): JsonObject {
  return { id, object: 'file', bytes, created_at: CREATED, filename, purpose, status: 'processed' };
}

function jobOf(id: string, model: string, training_file: string): JsonObject {
  return {
    id,
    object: 'fine_tuning.job',
    status: 'running',
    model,
    training_file,
    fine_tuned_model: null,
    created_at: CREATED,
  };
}

function keyOf(id: string, name: string): JsonObject {
  return {
    id,
    object: 'organization.admin_api_key',
    name,
    redacted_value: 'sk-admin...xyz',
    created_at: CREATED,
    last_used_at: null,
  };
}
