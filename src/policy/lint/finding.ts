import type { CheckedPolicy } from '../checked-policy.ts';
import { type LintRule, RULES } from './rules.ts';

/** What the linter found. Its members, and the names of the rules, stay: scripts read them. */
export interface Finding {
  /** `file:line`, or `file:line:column`. */
  readonly place: string;
  readonly policy?: string | undefined;
  readonly rule: LintRule;
  /** An error is certain to be a mistake; a warning may be meant so. */
  readonly severity: 'error' | 'warning';
  readonly problem: string;
  readonly remedy: string;
}

export interface Found extends Pick<Finding, 'rule' | 'problem'> {
  /** Unless the rule's own fits. */
  readonly remedy?: string | undefined;
  readonly severity?: Finding['severity'] | undefined;
}

export function finding(at: Pick<Finding, 'place' | 'policy'>, { rule, problem, remedy, severity }: Found): Finding {
  return {
    place: at.place,
    ...(at.policy === undefined ? {} : { policy: at.policy }),
    rule,
    severity: severity ?? RULES[rule].severity,
    problem,
    remedy: remedy ?? RULES[rule].remedy,
  };
}

export function placeAndId({
  checked: { description },
}: {
  readonly checked: CheckedPolicy;
}): Pick<Finding, 'place' | 'policy'> {
  return { place: description.place, policy: description.id };
}
