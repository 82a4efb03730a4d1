import type { Subject } from './subject.ts';

/** What a check found: problems make it fail; notes are shown and do not. */
export interface Findings {
  /** How many things were looked at. A check that looked at nothing has not passed. */
  readonly cases: number;
  readonly problems: readonly string[];
  readonly notes?: readonly string[] | undefined;
}

/** Answered by a check that has nothing to look at in any connector of this version. */
export interface NotApplicable {
  readonly notApplicable: string;
}

/** One named rule that every connector keeps. */
export interface Check {
  /** Kebab-case; what `bypass` of the fixtures names. */
  readonly name: string;
  /** The rule in one sentence. */
  readonly rule: string;
  /** Whether it calls a simulated system. */
  readonly needs: 'declaration' | 'simulator';
  run(subject: Subject): Promise<Findings | NotApplicable>;
}

export interface CheckResult {
  readonly check: string;
  readonly rule: string;
  readonly status: 'passed' | 'failed' | 'bypassed';
  readonly cases: number;
  /** Why it failed, or why it was bypassed. */
  readonly reasons: readonly string[];
  readonly notes: readonly string[];
}
