import { z } from 'zod';
import {
  type Evidence,
  type Execute,
  type ExecutionContext,
  readOperation,
  type WriteOperation,
  writeOperation,
} from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { path } from '../../src/connector/http/path.ts';
import type { Json, JsonObject } from '../../src/lib/json.ts';
import { id, idOfAction } from './ids.ts';
import { absenceProbe, presenceProbe } from './read-back.ts';
import { COLLECTION, type KongType, ref } from './resources.ts';

/** One kind of thing that the Admin API keeps; all of them are read, listed, made and deleted alike. */
export interface Entity<O extends z.ZodObject> {
  /** The noun of its operations. */
  readonly noun: string;
  readonly collection: 'services' | 'routes' | 'plugins' | 'consumers' | 'certificates';
  readonly type: KongType;
  readonly output: O;
  /** What reading one exposes to. */
  readonly labels: readonly string[];
}

const one = ({ collection }: Pick<Entity<z.ZodObject>, 'collection'>, entityId: string): string =>
  path`/${collection}/${entityId}`;

const spec = (source: string): Evidence => ({ mark: 'spec', source });

/** Reads one, and lists a page of them. */
export function reading<O extends z.ZodObject>(entity: Entity<O>) {
  const { noun, collection, type, output, labels } = entity;
  const get = readOperation({
    name: `kong.${noun}.get`,
    description: `Reads one ${noun}.`,
    input: z.strictObject({ id }),
    output,
    resourceTypes: [type],
    resources: (input) => [ref(type, input.id)],
    labels: () => labels,
    execute: httpExecution({
      request: (input) => ({ method: 'GET', path: one(entity, input.id) }),
      repeatable: true,
      result: ({ body }) => body,
    }),
    evidence: [spec(`GET /${collection}/{id} (get-${noun})`)],
  });
  const list = readOperation({
    name: `kong.${noun}.list`,
    description: `Lists one page of ${noun}s; \`offset\` of the answer asks for the next.`,
    input: z.strictObject({
      size: z.int().min(1).max(1_000).default(100),
      offset: z.string().min(1).max(2_048).optional(),
    }),
    output: z.object({ items: z.array(output), offset: z.string().optional() }),
    resourceTypes: [type],
    resources: () => [ref(type, COLLECTION)],
    labels: () => labels,
    touched: ({ items }) => items.map((item) => ref(type, String(item['id']))),
    execute: pageOf(`/${collection}`),
    evidence: [spec(`GET /${collection} (list-${noun}): size, offset`)],
  });
  return [get, list] as const;
}

/** Of the next link only the token is used, so no link can lead elsewhere. */
export function pageOf(collection: string): Execute<{ readonly size: number; readonly offset?: string | undefined }> {
  return httpExecution({
    request: ({ size, offset }) => ({ method: 'GET', path: collection, query: { size, offset } }),
    repeatable: true,
    result: ({ body }) => {
      const { data, offset } = z.object({ data: z.array(z.json()), offset: z.string().nullish() }).parse(body);
      return { items: data, ...(typeof offset === 'string' ? { offset } : {}) };
    },
  });
}

interface Making<I extends z.ZodObject> {
  readonly description: string;
  readonly input: I;
  readonly body: (input: z.output<I>) => JsonObject;
  readonly effect: WriteOperation<I>['effect'];
  readonly effectKinds: WriteOperation<I>['effectKinds'];
  /** What else the new thing hangs on. */
  readonly on?: (input: z.output<I>) => readonly ReturnType<typeof ref>[];
  readonly onTypes?: readonly KongType[];
  readonly provenance?: WriteOperation<I>['provenance'];
}

/** Makes one under an id that comes from the action, by an upsert: sent twice, there is one. */
export function making<O extends z.ZodObject, I extends z.ZodObject>(entity: Entity<O>, made: Making<I>) {
  const { noun, collection, type, output, labels } = entity;
  const pathOf = ({ actionId }: Pick<ExecutionContext, 'actionId'>) => one(entity, idOfAction(actionId));
  return writeOperation<I, O>({
    name: `kong.${noun}.create`,
    description: made.description,
    input: made.input,
    output,
    resourceTypes: [type, ...(made.onTypes ?? [])],
    resources: (input) => [ref(type, COLLECTION), ...(made.on?.(input) ?? [])],
    labels: () => labels,
    touched: (result) => [ref(type, String((result as Record<string, unknown>)['id']))],
    provenance: made.provenance,
    effect: made.effect,
    effectKinds: made.effectKinds,
    repeat: {
      class: 'naturally-idempotent',
      evidence: spec(`PUT /${collection}/{id} (upsert-${noun}): inserts or replaces under the id that is given`),
    },
    execute: httpExecution({
      request: (input, { actionId }) => ({ method: 'PUT', path: pathOf({ actionId }), body: made.body(input) }),
      repeatable: true,
      result: ({ body }) => body,
    }),
    probe: presenceProbe((_, context) => pathOf(context)),
    undo: (_, result) => undoOfMaking(noun, result),
    evidence: [spec(`PUT /${collection}/{id} (upsert-${noun})`)],
  });
}

function undoOfMaking(noun: string, result: Json | undefined) {
  const made = z.object({ id, name: z.string().optional() }).safeParse(result);
  if (!made.success) return undefined;
  const input = noun === 'plugin' ? { id: made.data.id, plugin: made.data.name ?? '' } : { id: made.data.id };
  return { operation: `kong.${noun}.delete`, input };
}

interface Deleting {
  readonly description: string;
  readonly effect: Parameters<typeof writeOperation>[0]['effect'];
  readonly effectKinds: WriteOperation['effectKinds'];
  readonly none: string;
}

/** Deletes one; gone twice is gone. */
export function deleting<O extends z.ZodObject>(entity: Entity<O>, gone: Deleting) {
  const { noun, collection, type } = entity;
  return writeOperation({
    name: `kong.${noun}.delete`,
    description: gone.description,
    input: z.strictObject({ id }),
    output: z.object({}),
    resourceTypes: [type],
    resources: (input) => [ref(type, input.id)],
    effect: gone.effect,
    effectKinds: gone.effectKinds,
    repeat: {
      class: 'naturally-idempotent',
      evidence: spec(`DELETE /${collection}/{id} (delete-${noun}): 204, also where there is none (RFC 9110 §9.2.2)`),
    },
    execute: httpExecution({
      request: (input) => ({ method: 'DELETE', path: one(entity, input.id) }),
      repeatable: true,
      result: () => ({}),
    }),
    probe: absenceProbe((input) => one(entity, input.id)),
    undo: { none: gone.none },
    evidence: [spec(`DELETE /${collection}/{id} (delete-${noun})`)],
  });
}
