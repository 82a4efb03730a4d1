import type { PolicyEvaluation } from '../../../src/action/policy-port.ts';
import { type CompiledPolicies, compilePolicies } from '../../../src/policy/compiled/compile-policies.ts';
import type { CorpusCase, CorpusRequest, Expected } from './corpus-cases.ts';
import { readWorld } from './read-world.ts';
import { ResolvedSchema } from './resolved-schema.ts';
import type { Translated } from './translate-case.ts';

export interface Answered {
  /** Where it was asked, e.g. `tests/ip/3.json, alice should be able to view`. */
  readonly place: string;
  readonly answer: Required<Expected>;
  /** What of the expected answer is another one. */
  readonly differs: readonly (keyof Expected)[];
}

/** Every request of a case, answered by policies compiled to this form. */
export function answerCase(
  { name, entities, links, requests }: CorpusCase,
  translated: Translated,
  form: CompiledPolicies['form'],
): readonly Answered[] {
  const schema = new ResolvedSchema(translated.schema);
  const slotsOf = new Map(links.map(({ id, slots }) => [id, slots]));
  const policies = translated.policies.map(({ id, json }) => ({ id, json, slots: slotsOf.get(id) ?? {} }));
  const compiled = compilePolicies({ policies, action: schema.action }, { form });
  const requestOf = readWorld(entities, schema);
  return requests.map((asked: CorpusRequest) => {
    const answer = answerOf(compiled.evaluate(requestOf(asked)));
    return { place: `${name}, ${asked.name}`, answer, differs: differences(answer, asked.expected) };
  });
}

/** Cedar's own decision, and the policies that it rests on. */
function answerOf({ permits, forbids, errors }: PolicyEvaluation): Required<Expected> {
  return {
    decision: forbids.length === 0 && permits.length > 0 ? 'allow' : 'deny',
    reason: forbids.length > 0 ? forbids : permits,
    errors: errors.map(({ policy }) => policy),
  };
}

/** What of the expected answer is another one; the order of ids does not matter. */
export function differences(answer: Required<Expected>, expected: Expected): (keyof Expected)[] {
  const found: (keyof Expected)[] = answer.decision === expected.decision ? [] : ['decision'];
  for (const field of ['reason', 'errors'] as const)
    if (expected[field] !== undefined && setOf(answer[field]) !== setOf(expected[field])) found.push(field);
  return found;
}

function setOf(ids: readonly string[]): string {
  return JSON.stringify([...new Set(ids)].sort());
}
