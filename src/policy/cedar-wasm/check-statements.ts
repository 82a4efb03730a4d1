import type { DetailedError, PolicyJson, Schema } from '@cedar-policy/cedar-wasm/nodejs';
import type { CedarSchemaJson } from '../generate-schema.ts';
import { type Cedar, freshCedar } from './fresh-cedar.ts';

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

/** Policies validated in one call: bounds what a set of wrong ones can make Cedar answer. */
const BATCH = 50;

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
  const parsed = checked.flatMap((statement, index) => (statement.json === undefined ? [] : [index]));
  for (let at = 0; at < parsed.length; at += BATCH) {
    const found = validateBatch(cedar, schema, parsed.slice(at, at + BATCH), texts);
    for (const [index, objections] of found) checked[index] = { ...checked[index], objections };
  }
  return checked;
}

const TOO_COMPLEX: Objection = {
  offset: 0,
  problem: 'the policy is nested too deeply for the policy engine',
  remedy: 'Split the policy into several.',
};

function validateBatch(
  cedar: Cedar,
  schema: CedarSchemaJson,
  batch: readonly number[],
  texts: readonly string[],
): Map<number, Objection[]> {
  const staticPolicies = Object.fromEntries(batch.map((index) => [String(index), texts[index] ?? '']));
  // Ours is the same format, only read-only.
  const answer = cedar.validate({ schema: schema as unknown as Schema, policies: { staticPolicies } });
  if (answer.type === 'failure')
    throw new Error(answer.errors.map((error) => `${error.message} ${error.help ?? ''}`).join('; '));
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
