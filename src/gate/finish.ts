import { z } from 'zod';
import type { ActionDecided, EventPayloads } from '../action/event.ts';
import type { Transformation } from '../action/obligation.ts';
import type { ResourceRef } from '../action/resource.ts';
import type { AnyOperation, ExecutionResult, PartOutcome } from '../connector/contract.ts';
import type { RegisteredOperation } from '../connector/registered-operation.ts';
import { BOUNDS } from '../lib/bounds.ts';
import { type CanonicalTexts, canonicalJson } from '../lib/canonical-json.ts';
import { copyJson } from '../lib/copy-json.ts';
import { sha256 } from '../lib/digest.ts';
import { ERRORS, type ErrorCode } from '../lib/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../lib/json.ts';
import { parsePath } from '../lib/json-path.ts';
import { schemaDeclaresPath } from '../policy/schema-has-path.ts';
import { transform } from './transform.ts';

export type Completed = EventPayloads['action.completed'];
type Ended = Omit<Completed, 'labels'>;

/** What execution or a read-back brought, ready for the log, and the result as the caller may see it. */
export interface Finished {
  readonly completed: Completed;
  /** With its obligations applied; also where it is too large for the log. */
  readonly result?: Json | undefined;
  /** The canonical form of `result`, where it is an object. */
  readonly texts?: CanonicalTexts | undefined;
  /** Of a batch: what came of each part, as the connector reads it in the answer. */
  readonly parts?: readonly PartOutcome[] | undefined;
}

/** The log's event for what happened: result parsed, labelled, and its obligations applied before anyone sees it. */
export function finish(
  operation: RegisteredOperation,
  decided: ActionDecided,
  { result, source }: { readonly result: ExecutionResult; readonly source: Completed['source'] },
): Finished {
  const base = { action: decided.action, status: result.status, source };
  if (result.status === 'failed' || result.status === 'unknown') {
    const { code } = result;
    const exposed = result.status === 'unknown' || result.exposed;
    const detail = wordsOf(decided, code, result.detail);
    const wait = result.status === 'failed' ? waitOf(result) : {};
    return { completed: { ...base, code, detail, ...wait, labels: [], exposed } };
  }
  const handle = result.status === 'accepted' ? { handle: result.handle } : {};
  const authors = operation.definition.provenance?.returns;
  const spent = result.status === 'succeeded' && result.spent !== undefined ? { spent: result.spent } : {};
  const ended = { ...base, ...handle, ...spent, ...(authors === undefined ? {} : { authors }), exposed: true };
  if (result.result === undefined) return { completed: { ...ended, labels: [] } };
  try {
    return readResult(operation, decided, result.result, ended) ?? withheld(operation, ended);
  } catch {
    // The effect stands whatever the connector makes of the answer.
    return withheld(operation, ended);
  }
}

function waitOf({ retryAfterMs }: { readonly retryAfterMs?: number | undefined }): Pick<Completed, 'retryAfterMs'> {
  return retryAfterMs === undefined ? {} : { retryAfterMs };
}

/** A system's own words can carry what an obligation would change in its answer: then they are withheld. */
function wordsOf({ resultObligations }: ActionDecided, code: ErrorCode, detail: string): string {
  return resultObligations.length > 0 ? ERRORS[code].title : detail.slice(0, BOUNDS.detailCharacters).toWellFormed();
}

/** An answer of unknown shape is shown to nobody, and counts as having shown the worst. */
function withheld({ systemLabels }: RegisteredOperation, ended: Ended): Finished {
  const { title } = ERRORS.RESPONSE_UNEXPECTED;
  return { completed: { ...ended, code: 'RESPONSE_UNEXPECTED', detail: title, labels: [...systemLabels] } };
}

/** Undefined, or throws, where the answer is not what the operation declares. */
function readResult(
  { definition, systemLabels }: RegisteredOperation,
  decided: ActionDecided,
  raw: unknown,
  ended: Ended,
): Finished | undefined {
  const parsed = definition.output.safeParse(raw);
  if (!parsed.success) return undefined;
  const input = copyJson(decided.input ?? {});
  const found = definition.resultLabels?.(parsed.data, input) ?? [];
  const labels = found.every((label: string) => systemLabels.has(label)) ? [...found] : [...systemLabels];
  const touched = definition.touched?.(parsed.data, input) ?? [];
  if (touched.length > BOUNDS.touchedResources) return undefined;
  const parts = partsOf(definition, parsed.data, input);
  const obligations = decided.resultObligations.map((each) => strictestFor(definition, each));
  const result = transform(toJson(parsed.data), obligations);
  const text = canonicalJson(result);
  const kept = text.length <= BOUNDS.keptResultBytes ? { result } : {};
  const resources = touched.length === 0 ? {} : { resources: touched.map(placeOf) };
  const completed = { ...ended, ...kept, ...resources, resultDigest: sha256(text), labels };
  const texts = isJsonObject(result) ? { texts: new Map([[result, text]]) } : {};
  return { completed, result, ...texts, ...(parts === undefined ? {} : { parts }) };
}

const partOutcomes = z.array(
  z.object({
    status: z.enum(['succeeded', 'failed', 'unknown']),
    result: z.json().optional(),
    detail: z.string().max(BOUNDS.detailCharacters).optional(),
  }),
);

function partsOf(definition: AnyOperation, result: unknown, input: JsonObject): readonly PartOutcome[] | undefined {
  if (definition.kind === 'read' || definition.batch === undefined) return undefined;
  return partOutcomes.parse(definition.batch.outcomes(copyJson(toJson(result)), input));
}

/** What is not declared has a shape that nobody knows, so nothing is left of it. */
function strictestFor({ output }: AnyOperation, obligation: Transformation): Transformation {
  const { path } = obligation;
  return schemaDeclaresPath(output, parsePath(path).steps) ? obligation : { kind: 'drop', path };
}

function placeOf({ type, id }: ResourceRef): Pick<ResourceRef, 'type' | 'id'> {
  if (typeof type !== 'string' || typeof id !== 'string') throw new TypeError('a resource has a type and an id');
  return { type, id: id.toWellFormed() };
}

/** A parsed result as plain JSON: dates and undefined members as JSON.stringify has them. */
function toJson(value: unknown): Json {
  const text = JSON.stringify(value);
  return text === undefined ? null : (JSON.parse(text) as Json);
}
