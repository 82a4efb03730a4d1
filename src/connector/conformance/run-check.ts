import type { Check, CheckResult, Findings } from './check.ts';
import type { Subject } from './subject.ts';
import { wordsOf } from './words-of.ts';

/** Findings of one check that are shown. */
const SHOWN = 20;

/** Runs one check, or says why it is not run. What a check or a connector throws is a failure with its own words. */
export async function runCheck(check: Check, subject: Subject): Promise<CheckResult> {
  const { name, rule, needs } = check;
  const result = (status: CheckResult['status'], reasons: readonly string[], found?: Findings): CheckResult => ({
    check: name,
    rule,
    status,
    cases: found?.cases ?? 0,
    reasons,
    notes: found?.notes ?? [],
  });
  const bypass = subject.fixtures.bypass?.[name];
  if (bypass !== undefined) return result('bypassed', [bypass]);
  if (needs === 'simulator' && subject.connector.simulate === undefined)
    return result('failed', [
      `the connector has no simulated system to run it on: say in \`bypass.${name}\` who stands in`,
    ]);
  try {
    const found = await check.run(subject);
    if ('notApplicable' in found) return result('bypassed', [found.notApplicable]);
    const bypassed = subject.samplesWithout(name).map(({ operation, reason }) => `${operation} bypassed: ${reason}`);
    const withNotes = { ...found, notes: [...(found.notes ?? []), ...bypassed] };
    if (found.problems.length > 0) return result('failed', shown(found.problems), withNotes);
    return found.cases > 0
      ? result('passed', [], withNotes)
      : result('failed', [`there was nothing to look at; if that is right, say so in \`bypass.${name}\``], withNotes);
  } catch (thrown) {
    return result('failed', [wordsOf(thrown)]);
  }
}

function shown(problems: readonly string[]): readonly string[] {
  if (problems.length <= SHOWN) return problems;
  return [...problems.slice(0, SHOWN), `and ${problems.length - SHOWN} more`];
}
