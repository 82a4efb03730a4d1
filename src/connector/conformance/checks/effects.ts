import { isDeepStrictEqual } from 'node:util';
import { effectSchema } from '../../../action/effect.ts';
import type { JsonObject } from '../../../lib/json.ts';
import type { WriteOperation } from '../../contract.ts';
import type { Check } from '../check.ts';
import { describeInput } from '../described-effect.ts';
import { effectCasesOf, type ShownCase } from '../effect-cases.ts';
import type { Subject } from '../subject.ts';
import { wordsOf } from '../words-of.ts';

/** The table of effects: every kind that an operation can have, by its arguments. */
export const effectsCheck: Check = {
  name: 'effects',
  rule: 'every kind of effect has a case, and the connector says of each case what the fixtures say',
  needs: 'declaration',
  async run(subject) {
    const cases = effectCasesOf(subject.fixtures);
    const known = new Set(subject.operations.map(({ name }) => name));
    const problems = cases
      .filter(({ operation }) => !known.has(operation))
      .map(({ operation }) => `${operation}: has a case and does not exist`);
    for (const definition of subject.operations)
      if (definition.kind === 'write')
        problems.push(
          ...tableProblems(definition, {
            cases: cases.filter(({ operation }) => operation === definition.name),
            labels: subject.labels,
          }),
        );
    return { cases: cases.length, problems };
  },
};

interface Table extends Pick<Subject, 'labels'> {
  readonly cases: readonly ShownCase[];
}

function tableProblems(definition: WriteOperation, { cases, labels }: Table): readonly string[] {
  const kinds = new Set<string>();
  const problems: string[] = [];
  for (const shown of cases) {
    try {
      const { kind, found } = judge(definition, { shown, labels });
      kinds.add(kind);
      problems.push(...found);
    } catch (thrown) {
      problems.push(`${definition.name}: cannot say what ${JSON.stringify(shown.input)} does: ${wordsOf(thrown)}`);
    }
  }
  // What a batch does is what its parts do, which are tables of their own.
  const missing = definition.effectKinds.filter((kind) => !kinds.has(kind) && definition.batch === undefined);
  return missing.length === 0 ? problems : [...problems, `${definition.name}: no case shows ${missing.join(', ')}`];
}

/** Throws what the schema and the connector throw. */
function judge(
  definition: WriteOperation,
  { shown, labels }: { readonly shown: ShownCase } & Pick<Subject, 'labels'>,
): { readonly kind: string; readonly found: readonly string[] } {
  const { name } = definition;
  const input = definition.input.parse(shown.input) as JsonObject; // schemas of operations speak JSON
  const raw = effectSchema.parse(definition.effect(input));
  const { effect } = describeInput(definition, { input, labels });
  const undeclared = isDeepStrictEqual(effect, raw)
    ? []
    : [`${name}: has an effect of the kind ${raw.kind}, which it does not declare`];
  const different = Object.entries(shown.effect ?? {}).flatMap(([field, value]) => {
    const said: unknown = Reflect.get(effect, field);
    if (isDeepStrictEqual(said, value)) return [];
    return [
      `${name} ${JSON.stringify(shown.input)}: ${field} is ${JSON.stringify(said)}, not ${JSON.stringify(value)}`,
    ];
  });
  return { kind: raw.kind, found: [...undeclared, ...different] };
}
