import type { Check } from '../check.ts';
import { type Loss, type Lost, loseAnswer } from '../lose-answer.ts';
import type { Trace } from '../subject.ts';
import { wordsOf } from '../words-of.ts';

const LOSSES: readonly Loss[] = (['before', 'after'] as const).flatMap((when) =>
  (['reset', 'hang', 500, 504] as const).map((answer) => ({ when, answer })),
);

/**
 * Whoever lost an answer does not know whether there was an effect. What is at most once is not sent again and is settled
 * by reading back; what is idempotent may be sent again and has one effect.
 */
export const lostAnswersCheck: Check = {
  name: 'lost-answers',
  rule: 'a lost answer is never a clean failure and never a second effect, and reading back never says the opposite',
  needs: 'simulator',
  async run(subject) {
    const problems: string[] = [];
    const unsettled = new Set<string>();
    let cases = 0;
    for (const sample of subject.samples('lost-answers')) {
      const trace = await subject.trace(sample);
      if (trace.definition.kind === 'read' || trace.effectAt === undefined) continue;
      for (const loss of LOSSES) {
        cases += 1;
        const where = `${sample.operation}, ${loss.answer} ${loss.when} the effect`;
        const lost = await loseAnswer(trace, subject, loss).catch((thrown: unknown) => wordsOf(thrown));
        if (typeof lost === 'string') problems.push(`${where}: ${lost}`);
        else {
          problems.push(...judge(trace, loss, lost).map((words) => `${where}: ${words}`));
          if (lost.result.status === 'unknown' && !isSettled(lost)) unsettled.add(sample.operation);
        }
      }
    }
    const notes = unsettled.size === 0 ? [] : [`may stay unknown: ${[...unsettled].join(', ')}`];
    return { cases, problems, notes };
  },
};

function isSettled({ probed }: Lost): boolean {
  return probed !== undefined && probed.status !== 'undetermined';
}

function judge({ definition, effects: whole }: Trace, { when }: Loss, lost: Lost): readonly string[] {
  const { result, effects, probed } = lost;
  const happened = effects.length > 0;
  const atMostOnce = definition.kind === 'write' && definition.repeat.class === 'at-most-once';
  const problems: string[] = [];
  if (JSON.stringify(effects) !== JSON.stringify(whole.slice(0, effects.length)))
    problems.push(`the audit shows ${JSON.stringify(effects)}, and one call has ${JSON.stringify(whole)}`);
  if (when === 'before' && atMostOnce && happened) problems.push('it was sent again');
  if (when === 'after' && !happened) problems.push('the effect is missing: another call than before had it');
  if (result.status === 'failed' && happened) problems.push(`it failed cleanly (${result.code}) and had its effect`);
  if (result.status === 'succeeded' && !happened) problems.push('it succeeded and had no effect');
  if (probed?.status === 'not-applied' && happened) problems.push('reading back says that nothing happened');
  if (probed?.status === 'applied' && !happened) problems.push('reading back says that it happened');
  return problems;
}
