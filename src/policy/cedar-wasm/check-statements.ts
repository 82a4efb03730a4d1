import type { DetailedError, PolicyJson, Schema } from '@cedar-policy/cedar-wasm/nodejs';
import { InterlockError } from '../../lib/errors.ts';
import type { CedarSchemaJson } from '../generate-schema.ts';
import { type Cedar, freshCedar } from './fresh-cedar.ts';
import { type SchemaSlice, schemaSlicer } from './slice-schema.ts';

/** What Cedar has against a statement; `offset` in characters from its start. */
export interface Objection {
  readonly offset: number;
  readonly problem: string;
  readonly remedy: string;
}

export interface CheckedStatement {
  /** Cedar's JSON form; undefined where the text does not parse. */
  readonly json?: PolicyJson | undefined;
  readonly objections: readonly Objection[];
}

/** Wrong policies that are explained by the whole schema: what Cedar answers grows with wrong policies × actions. */
const FULLY_EXPLAINED = 10;

/** Parses each text as one policy and validates it strictly, warnings included. Survives traps; runs in a worker. */
export function checkStatements(schema: CedarSchemaJson, texts: readonly string[]): CheckedStatement[] {
  let cedar = freshCedar();
  const checked = texts.map((text): CheckedStatement => {
    try {
      const answer = cedar.policyToJson(text);
      if (answer.type === 'success') return { json: answer.json, objections: [] };
      return { objections: answer.errors.map((error) => objection(error, text)) };
    } catch {
      cedar = freshCedar();
      return { objections: [TOO_COMPLEX] };
    }
  });
  const doubtful: number[] = [];
  for (const { schema: slice, indexes } of bySlice(schema, checked)) {
    for (const [index, objections] of validate(cedar, slice, indexes, texts)) {
      checked[index] = { ...checked[index], objections };
      doubtful.push(index);
    }
  }
  // A slice gives the same verdict; only the whole schema knows what was meant instead.
  for (const [index, objections] of validate(cedar, schema, doubtful.slice(0, FULLY_EXPLAINED), texts)) {
    checked[index] = { ...checked[index], objections };
  }
  return checked;
}

function bySlice(
  schema: CedarSchemaJson,
  checked: readonly CheckedStatement[],
): Iterable<SchemaSlice & { readonly indexes: number[] }> {
  const sliceOf = schemaSlicer(schema);
  const groups = new Map<string, SchemaSlice & { readonly indexes: number[] }>();
  for (const [index, { json }] of checked.entries()) {
    if (json === undefined) continue;
    const slice = sliceOf(json);
    const group = groups.get(slice.key) ?? { ...slice, indexes: [] };
    groups.set(slice.key, group);
    group.indexes.push(index);
  }
  return groups.values();
}

const TOO_COMPLEX: Objection = {
  offset: 0,
  problem: 'the policy is nested too deeply for the policy engine',
  remedy: 'Split the policy into several.',
};

function validate(
  cedar: Cedar,
  schema: CedarSchemaJson,
  batch: readonly number[],
  texts: readonly string[],
): Map<number, Objection[]> {
  if (batch.length === 0) return new Map();
  const staticPolicies = Object.fromEntries(batch.map((index) => [String(index), texts[index] ?? '']));
  // Ours is the same format, only read-only.
  const answer = cedar.validate({ schema: schema as unknown as Schema, policies: { staticPolicies } });
  if (answer.type === 'failure') {
    const why = answer.errors.map((error) => `${error.message} ${error.help ?? ''}`).join('; ');
    throw new InterlockError('POLICY_INVALID', `the schema cannot be used: ${why}`);
  }
  const found = new Map<number, Objection[]>();
  for (const { policyId, error } of [...answer.validationErrors, ...answer.validationWarnings]) {
    const index = Number(policyId);
    const objections = found.get(index) ?? [];
    found.set(index, objections);
    const next = objection(error, texts[index] ?? '');
    // The same mistake is reported for every action that the policy covers, and what follows from it beside it.
    const isConsequence =
      objections.length > 0 && /policy is impossible|unable to find an applicable action/.test(error.message);
    const isKnown = objections.some(
      (known) => known.offset === next.offset && withoutAction(known) === withoutAction(next),
    );
    if (!isKnown && !isConsequence) objections.push(next);
  }
  return found;
}

function withoutAction({ problem }: Objection): string {
  return problem.replace(/ for Action::"[^"]*"/, '');
}

const NO_EFFECT = 'Check each name in it against the schema: a field that nothing has, or a type that never occurs.';

function objection({ message, help, sourceLocations }: DetailedError, text: string): Objection {
  // Cedar counts in bytes of UTF-8.
  const bytes = sourceLocations?.[0]?.start ?? 0;
  const problem = withoutPolicy(message);
  const remedy = problem.includes('policy is impossible')
    ? NO_EFFECT
    : 'Correct this place; the schema has all names and types.';
  return {
    offset: Buffer.from(text).subarray(0, bytes).toString().length,
    problem,
    remedy: help === null ? remedy : withoutPolicy(help),
  };
}

/** Policies are numbered on their way here; people know them by place. */
function withoutPolicy(message: string): string {
  return message.replace(/^for policy `\d+`[,:] /, '');
}
