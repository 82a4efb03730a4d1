import { z } from 'zod';
import {
  type ExecutionContext,
  type ExecutionResult,
  type Probe,
  type WriteOperation,
  writeOperation,
} from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { path } from '../../src/connector/http/path.ts';
import { isJsonObject, type Json, type JsonObject } from '../../src/lib/json.ts';
import { isSameJson } from '../../src/lib/same-json.ts';
import type { Entity } from './entity.ts';
import { read, undetermined } from './read-back.ts';
import { ref } from './resources.ts';

interface Changing<I extends z.ZodObject> {
  readonly description: string;
  readonly input: I;
  /** The fields that change. */
  readonly body: (input: z.output<I>) => JsonObject;
  readonly effect: WriteOperation<I>['effect'];
  readonly effectKinds: WriteOperation<I>['effectKinds'];
  /** Why the thing that is there must not be changed; undefined: it may. */
  readonly refuses?: (there: JsonObject, input: z.output<I>) => string | undefined;
  /** Fields whose former values may be shown and put back. */
  readonly restores: readonly string[];
  readonly provenance?: WriteOperation<I>['provenance'];
}

/** Changes fields of one thing, and keeps what they were, so that it can be taken back. */
export function changing<O extends z.ZodObject, I extends z.ZodObject>(entity: Entity<O>, changed: Changing<I>) {
  const { noun, collection, type, output, labels } = entity;
  const pathOf = (input: z.output<I>): string => path`/${collection}/${String((input as JsonObject)['id'])}`;
  return writeOperation({
    name: `kong.${noun}.update`,
    description: changed.description,
    input: changed.input,
    output: output.extend({ former: z.record(z.string(), z.json()) }),
    resourceTypes: [type],
    resources: (input) => [ref(type, String((input as JsonObject)['id']))],
    labels: () => labels,
    provenance: changed.provenance,
    effect: changed.effect,
    effectKinds: changed.effectKinds,
    repeat: {
      class: 'naturally-idempotent',
      evidence: { mark: 'spec', source: `PATCH /${collection}/{id} (update-${noun}): sets the fields that are given` },
    },
    execute: (input, context) => execute(changed, { pathOf, input, context }),
    probe: probeOf(changed, pathOf),
    undo: (input, result) => undoOf(changed, { noun, input, result }),
    evidence: [{ mark: 'spec', source: `PATCH /${collection}/{id} (update-${noun})` }],
  });
}

interface Asked<I extends z.ZodObject> {
  readonly pathOf: (input: z.output<I>) => string;
  readonly input: z.output<I>;
  readonly context: ExecutionContext;
}

async function execute<I extends z.ZodObject>(changed: Changing<I>, asked: Asked<I>): Promise<ExecutionResult> {
  const { pathOf, input, context } = asked;
  let there: JsonObject | undefined;
  const looked = await httpExecution<z.output<I>>({
    request: () => ({ method: 'GET', path: pathOf(input) }),
    repeatable: true,
    result: ({ body }) => {
      if (!isJsonObject(body)) throw new TypeError('a thing is an object');
      there = body;
      return {};
    },
  })(input, context);
  if (looked.status !== 'succeeded' || there === undefined) return looked;
  const refusal = changed.refuses?.(there, input);
  if (refusal !== undefined) return { status: 'failed', code: 'EXECUTION_FAILED', detail: refusal, exposed: false };
  const fields = changed.body(input);
  const former = formerOf(
    there,
    Object.keys(fields).filter((field) => changed.restores.includes(field)),
  );
  return httpExecution<z.output<I>>({
    request: () => ({ method: 'PATCH', path: pathOf(input), body: fields }),
    // The same fields set twice are set; but a second try would show them as what was there before.
    repeatable: true,
    result: ({ body }) => ({ ...(isJsonObject(body) ? body : {}), former }),
  })(input, context);
}

function formerOf(there: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(fields.map((field) => [field, there[field] ?? null]));
}

/** Applied where every field has the value; what it was before nobody can tell any more. */
function probeOf<I extends z.ZodObject>(
  changed: Changing<I>,
  pathOf: (input: z.output<I>) => string,
): Probe<z.output<I>> {
  return async (input, context) => {
    const answer = await read(pathOf(input), context);
    if (!answer.ok || !isJsonObject(answer.reply.body)) return undetermined(answer);
    const there = answer.reply.body;
    const fields = Object.entries(changed.body(input));
    if (fields.every(([field, value]) => holds(there[field] ?? null, value)))
      return { status: 'applied', result: { ...there, former: {} } };
    // Kong may write a configuration otherwise than it was sent.
    const isPlain = fields.every(([field]) => changed.restores.includes(field));
    return isPlain
      ? { status: 'not-applied' }
      : { status: 'undetermined', detail: 'Its configuration reads otherwise.' };
  };
}

/** What was sent is in what is there, which Kong completes with defaults. */
function holds(there: Json, sent: Json): boolean {
  if (!isJsonObject(sent)) return isSameJson(there, sent);
  return isJsonObject(there) && Object.entries(sent).every(([name, value]) => holds(there[name] ?? null, value));
}

function undoOf<I extends z.ZodObject>(
  changed: Changing<I>,
  { noun, input, result }: { readonly noun: string; readonly input: z.output<I>; readonly result: Json | undefined },
) {
  const former = isJsonObject(result) && isJsonObject(result['former']) ? result['former'] : {};
  const fields = Object.keys(changed.body(input));
  if (fields.some((field) => !Object.hasOwn(former, field))) return undefined;
  const { id, plugin } = input as JsonObject;
  const named = plugin === undefined ? {} : { plugin };
  return { operation: `kong.${noun}.update`, input: { id: id ?? '', ...named, ...former } };
}
