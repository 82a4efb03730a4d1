import type { DecisionKind } from '../action/decision.ts';
import { asInterlockError } from '../lib/errors.ts';
import type { PolicyCase } from './policy-case.ts';

/** What a case came to: the decision, and the policies (or codes) among its reasons. */
export interface CaseOutcome {
  readonly decision: DecisionKind;
  readonly policies: readonly string[];
}

export type DecideCase = (policyCase: PolicyCase) => CaseOutcome | Promise<CaseOutcome>;

export interface CaseResult {
  readonly case: PolicyCase;
  readonly passed: boolean;
  readonly outcome?: CaseOutcome | undefined;
  /** Why it failed, in one sentence. */
  readonly failure?: string | undefined;
}

/** Decides every case and compares. A case that cannot be decided has failed. */
export async function runPolicyCases(cases: readonly PolicyCase[], decide: DecideCase): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  for (const policyCase of cases) results.push(await runCase(policyCase, decide));
  return results;
}

async function runCase(policyCase: PolicyCase, decide: DecideCase): Promise<CaseResult> {
  try {
    const outcome = await decide(policyCase);
    const failure = failureOf(policyCase.expect, outcome);
    return { case: policyCase, passed: failure === undefined, outcome, failure };
  } catch (thrown) {
    const { code, message } = asInterlockError(thrown);
    return { case: policyCase, passed: false, failure: `${code}: ${message}` };
  }
}

function failureOf(expect: PolicyCase['expect'], outcome: CaseOutcome): string | undefined {
  const sameDecision = outcome.decision === expect.decision;
  const sameReasons = expect.policies === undefined || isSameSet(expect.policies, outcome.policies);
  return sameDecision && sameReasons ? undefined : `expected ${inWords(expect)}, got ${inWords(outcome)}`;
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && new Set([...a, ...b]).size === a.length;
}

function inWords({ decision, policies = [] }: PolicyCase['expect']): string {
  return policies.length === 0 ? decision : `${decision} because of ${policies.join(', ')}`;
}

/** Those of `ids` that no passing case names: nothing shows that they do anything. */
export function untestedPolicies(ids: Iterable<string>, results: readonly CaseResult[]): readonly string[] {
  const named = new Set(results.filter(({ passed }) => passed).flatMap((result) => result.case.expect.policies ?? []));
  return [...ids].filter((id) => !named.has(id));
}

/** For people: each failure with its place, then the sum. */
export function reportCases(results: readonly CaseResult[]): string {
  const failed = results.filter(({ passed }) => !passed);
  const lines = failed.map((result) => `✗ ${result.case.file}: ${result.case.name}\n    ${result.failure ?? ''}`);
  return [...lines, `${results.length - failed.length} of ${results.length} cases passed`].join('\n');
}
