import type { CheckResult } from '../../connector/conformance/check.ts';
import { runCheck } from '../../connector/conformance/run-check.ts';
import type { Subject } from '../../connector/conformance/subject.ts';
import { ALL_CHECKS } from './all-checks.ts';

/** What came of a connector's whole suite. */
export interface ConformanceReport {
  readonly system: string;
  readonly operations: number;
  readonly passed: number;
  readonly failed: number;
  readonly bypassed: number;
  readonly checks: readonly CheckResult[];
}

/** Runs every check, the one after the other. */
export async function checkConnector(subject: Subject): Promise<ConformanceReport> {
  const checks: CheckResult[] = [...unknownBypasses(subject)];
  for (const check of ALL_CHECKS) checks.push(await runCheck(check, subject));
  const having = (status: CheckResult['status']): number => checks.filter((each) => each.status === status).length;
  return {
    system: subject.connector.system,
    operations: subject.operations.length,
    passed: having('passed'),
    failed: having('failed'),
    bypassed: having('bypassed'),
    checks,
  };
}

const REASON = /\S.{14,}/;

/** A bypass that names no check, or gives no reason, would hide what it does not do. */
export function unknownBypasses({ fixtures }: Subject): readonly CheckResult[] {
  const names = new Set(ALL_CHECKS.map(({ name }) => name));
  const all = [fixtures.bypass, ...fixtures.samples.map(({ bypass }) => bypass)].flatMap((each) =>
    Object.entries(each ?? {}),
  );
  const reasons = all.flatMap(([name, reason]) => {
    if (!names.has(name)) return [`bypass names "${name}", which is none of ${[...names].join(', ')}`];
    return REASON.test(reason) ? [] : [`the bypass of ${name} does not say why`];
  });
  if (reasons.length === 0) return [];
  const rule = 'a check is bypassed by its name and with a reason';
  return [{ check: 'bypass', rule, status: 'failed', cases: all.length, reasons, notes: [] }];
}
