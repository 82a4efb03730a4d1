import { isTransformation, type Obligation } from '../../action/obligation.ts';
import { formatUnless } from '../format-unless.ts';
import type { Found } from './finding.ts';

/** The order in which they are applied: what removes most comes first. */
const STRICTNESS = ['drop', 'redact', 'mask', 'limit', 'cap'];

/** Obligations that another one of the same @unless makes idle. */
export function idleObligations(obligations: readonly Obligation[]): readonly Found[] {
  return obligations.flatMap((each, at): readonly Found[] => {
    const other = obligations.find(
      (stricter, index) => index !== at && isStricter(stricter, each) && (index < at || !isStricter(each, stricter)),
    );
    if (other === undefined) return [];
    return [{ rule: 'obligation-idle', problem: `${formatUnless([each])} adds nothing to ${formatUnless([other])}` }];
  });
}

/** Whether whoever meets `a` has met `b`. */
function isStricter(a: Obligation, b: Obligation): boolean {
  if (isTransformation(a) && isTransformation(b)) {
    if (a.path !== b.path) return false;
    if (a.kind === b.kind) return !('max' in a && 'max' in b) || a.max <= b.max;
    return a.kind !== 'limit' && STRICTNESS.indexOf(a.kind) < STRICTNESS.indexOf(b.kind);
  }
  if (a.kind === 'approval' && b.kind === 'approval') return a.group === b.group && a.withinMs <= b.withinMs;
  if (a.kind === 'delay' && b.kind === 'delay') return a.delayMs >= b.delayMs;
  return (
    a.kind === 'fact' && b.kind === 'fact' && a.name === b.name && (a.maxAgeMs ?? Infinity) <= (b.maxAgeMs ?? Infinity)
  );
}
