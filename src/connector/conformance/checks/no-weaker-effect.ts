import { type Effect, effectSchema } from '../../../action/effect.ts';
import { InterlockError } from '../../../lib/errors.ts';
import type { JsonObject } from '../../../lib/json.ts';
import type { AnyOperation } from '../../contract.ts';
import { seededRandom } from '../../simulator/seeded-random.ts';
import type { Check } from '../check.ts';
import { claimsUndo } from '../claims-undo.ts';
import { describeInput } from '../described-effect.ts';
import { effectCasesOf } from '../effect-cases.ts';
import { generateInputs } from '../generate-inputs.ts';
import type { Subject } from '../subject.ts';
import { wordsOf } from '../words-of.ts';

const INPUTS = 150;
const SEED = 20_260_101;

/** The connector is asked about inputs that nobody foresaw; the seed is fixed, so a finding comes back. */
export const noWeakerEffectCheck: Check = {
  name: 'no-weaker-effect',
  rule: 'no input has an effect that is not declared, or weaker than every case of its kind',
  needs: 'declaration',
  async run(subject) {
    const judged = subject.operations.map((definition) => judge(definition, subject));
    const few = judged.filter(({ inputs }) => inputs < 3).map(({ name, inputs }) => `${name}: ${inputs}`);
    return {
      cases: judged.reduce((sum, { inputs }) => sum + inputs, 0),
      problems: judged.flatMap(({ problems }) => problems),
      notes: few.length === 0 ? [] : [`fewer than three different inputs were found for ${few.join(', ')}`],
    };
  },
};

interface Judged {
  readonly name: string;
  readonly inputs: number;
  readonly problems: readonly string[];
}

/** The first finding of each kind is enough: the others say the same of other inputs. */
function judge(definition: AnyOperation, { fixtures, labels }: Subject): Judged {
  const { name } = definition;
  const seeds = effectCasesOf(fixtures).filter(({ operation }) => operation === name);
  const inputs = generateInputs(definition.input, {
    seeds: seeds.map(({ input }) => input),
    vocabulary: fixtures.samples.map(({ input }) => input),
    count: INPUTS,
    random: seededRandom(SEED),
  });
  const shown = effectsOf(
    definition,
    seeds.map(({ input }) => input),
  );
  const problems = new Map<string, string>();
  for (const input of inputs) {
    const found = problemOf(definition, { input, labels, shown });
    if (found !== undefined && !problems.has(found.rule))
      problems.set(found.rule, `${name} ${JSON.stringify(input).slice(0, 400)}: ${found.words}`);
  }
  return { name, inputs: inputs.length, problems: [...problems.values()] };
}

function effectsOf(definition: AnyOperation, inputs: readonly JsonObject[]): readonly Effect[] {
  if (definition.kind === 'read') return [];
  return inputs.flatMap((input) => {
    const parsed = definition.input.safeParse(input);
    return parsed.success ? [effectSchema.parse(definition.effect(parsed.data))] : [];
  });
}

function problemOf(
  definition: AnyOperation,
  {
    input,
    labels,
    shown,
  }: { readonly input: JsonObject; readonly labels: readonly string[]; readonly shown: readonly Effect[] },
): { readonly rule: string; readonly words: string } | undefined {
  try {
    describeInput(definition, { input, labels });
    const { facets } = definition;
    facets?.schema.parse(facets.of(input));
    if (definition.kind === 'read') return undefined;
    const effect = effectSchema.parse(definition.effect(input));
    if (!definition.effectKinds.includes(effect.kind))
      return { rule: 'kind', words: `${effect.kind} is not in its effectKinds` };
    // A batch is taken back part by part.
    if (claimsUndo(definition, effect) && typeof definition.undo !== 'function' && definition.batch === undefined)
      return { rule: 'undo', words: 'it says that an operation takes it back, and names none' };
    if (definition.batch !== undefined || shown.some((each) => isAtMost(each, effect))) return undefined;
    return {
      rule: `weaker ${effect.kind}`,
      words: `${JSON.stringify(effect)} is weaker than every case of its kind: show it in \`effectCases\`, if it is right`,
    };
  } catch (thrown) {
    // A batch says so of parts that cannot be told.
    if (thrown instanceof InterlockError && (thrown.code === 'INVALID_INPUT' || thrown.code === 'TOO_LARGE'))
      return undefined;
    return { rule: 'throws', words: wordsOf(thrown) };
  }
}

const REVERSIBLE: readonly Effect['reversible'][] = ['operation', 'window', 'no'];

/** Whether a case of the fixtures shows an effect of this kind that is no stronger. Counts follow from lengths of lists. */
function isAtMost(shown: Effect, effect: Effect): boolean {
  return (
    shown.kind === effect.kind &&
    REVERSIBLE.indexOf(shown.reversible) <= REVERSIBLE.indexOf(effect.reversible) &&
    (!shown.external || effect.external) &&
    (!shown.privileged || effect.privileged) &&
    (shown.amount === undefined || effect.amount !== undefined)
  );
}
