import { isDeepStrictEqual } from 'node:util';
import { effectSchema } from '../../../action/effect.ts';
import type { JsonObject } from '../../../lib/json.ts';
import type { Check } from '../check.ts';
import { describeInput } from '../described-effect.ts';
import { effectCasesOf } from '../effect-cases.ts';
import { wordsOf } from '../words-of.ts';

/** The table of effects: every kind that an operation can have, by its arguments. */
export const effectsCheck: Check = {
  name: 'effects',
  rule: 'every kind of effect has a case, and the connector says of each case what the fixtures say',
  needs: 'declaration',
  async run({ operations, fixtures, labels }) {
    const problems: string[] = [];
    const cases = effectCasesOf(fixtures);
    for (const definition of operations) {
      if (definition.kind === 'read') continue;
      const kinds = new Set<string>();
      for (const { input, effect: expected } of cases.filter(({ operation }) => operation === definition.name)) {
        const parsed = definition.input.safeParse(input);
        if (!parsed.success) {
          problems.push(`${definition.name}: the case ${JSON.stringify(input)} is refused`);
          continue;
        }
        try {
          const raw = effectSchema.parse(definition.effect(parsed.data));
          kinds.add(raw.kind);
          const { effect } = describeInput(definition, { input: parsed.data as JsonObject, labels });
          if (!isDeepStrictEqual(effect, raw))
            problems.push(`${definition.name}: has an effect of the kind ${raw.kind}, which it does not declare`);
          for (const [field, value] of Object.entries(expected ?? {})) {
            const said: unknown = Reflect.get(effect, field);
            if (!isDeepStrictEqual(said, value))
              problems.push(
                `${definition.name} ${JSON.stringify(input)}: ${field} is ${JSON.stringify(said)}, not ${JSON.stringify(value)}`,
              );
          }
        } catch (thrown) {
          problems.push(`${definition.name}: cannot say what ${JSON.stringify(input)} does: ${wordsOf(thrown)}`);
        }
      }
      const missing = definition.effectKinds.filter((kind) => !kinds.has(kind) && definition.batch === undefined);
      if (missing.length > 0) problems.push(`${definition.name}: no case shows ${missing.join(', ')}`);
    }
    return { cases: cases.length, problems };
  },
};
