import { formatUnless } from '../format-unless.ts';
import { areActionsWithin } from './action-inclusion.ts';
import type { EnvironmentIndex } from './environment-index.ts';
import { type Finding, finding, placeAndId } from './finding.ts';
import { orIfTooComplex } from './interpreter.ts';
import { areTrue, type Holding, holdingsOf, type LintedPolicy } from './linted-policy.ts';
import { bothMentions, covers } from './mentions.ts';
import { WiderPolicies } from './wider-policies.ts';

/** Policies that one is compared with, before it is said that it was not compared with all. */
const MOST_COMPARED = 200;

/** Policies that change nothing beside others: shadowed, overridden. */
export function pairFindings(policies: readonly LintedPolicy[], index: EnvironmentIndex): readonly Finding[] {
  const wider = new WiderPolicies(policies, index);
  /** What was found to do nothing is no reason to call another one superfluous, or of two alike both would be. */
  const superfluous = new Set<LintedPolicy>();
  // Of two that say the same, the later one is superfluous.
  return policies.toReversed().flatMap((policy) => {
    const found = findingOf(policy, { wider, index, superfluous });
    if (found !== undefined) superfluous.add(policy);
    return found ?? [];
  });
}

interface Beside {
  readonly wider: WiderPolicies;
  readonly index: EnvironmentIndex;
  readonly superfluous: ReadonlySet<LintedPolicy>;
}

function findingOf(policy: LintedPolicy, { wider, index, superfluous }: Beside): Finding | undefined {
  const own = holdingsOf(policy, index);
  if (own.length === 0) return undefined;
  let compared = 0;
  for (const other of wider.of(policy)) {
    if (superfluous.has(other) || !canShadow(other, policy)) continue;
    compared += 1;
    if (compared > MOST_COMPARED) {
      const problem = `only ${MOST_COMPARED} of the policies that it may be a special case of were compared with it`;
      return finding(placeAndId(policy), { rule: 'too-complex', problem });
    }
    if (implies(policy, other, { index, own })) return shadowed(policy, other);
  }
  return undefined;
}

/** Whether the other one, where it holds as well, leaves nothing for this one to decide. */
function canShadow(
  { checked: { description: other } }: LintedPolicy,
  { checked: { description } }: LintedPolicy,
): boolean {
  if (description.effect === 'permit') return other.effect === 'permit' || other.unless.length === 0;
  if (other.effect === 'permit') return false;
  if (other.unless.length === 0) return true;
  const asked = new Set(other.unless.map((obligation) => formatUnless([obligation])));
  return description.unless.length > 0 && description.unless.every((each) => asked.has(formatUnless([each])));
}

function shadowed(policy: LintedPolicy, other: LintedPolicy): Finding {
  const { description } = policy.checked;
  const { id, effect, place, unless } = other.checked.description;
  const by = `${id} (${place})`;
  if (effect !== description.effect)
    return finding(placeAndId(policy), {
      rule: 'overridden-permit',
      problem: `whatever it permits, ${by} forbids for good`,
    });
  if (unless.length === 0 && description.unless.length > 0) {
    const problem = `nothing can discharge it: whatever it forbids, ${by} forbids for good`;
    return finding(placeAndId(policy), { rule: 'unreachable-discharge', problem });
  }
  return finding(placeAndId(policy), { rule: 'shadowed', problem: `${by} decides the same wherever it holds` });
}

/** Whether `other` holds, without an error, wherever `policy` does. */
export function implies(
  policy: LintedPolicy,
  other: LintedPolicy,
  { index, own }: { readonly index: EnvironmentIndex; readonly own: readonly Holding[] },
): boolean {
  if (!areActionsWithin(policy.names, other.names, index)) return false;
  const terms = [...other.scope, ...other.conditions];
  const isAlwaysSo = ({ environment, facts }: Holding) => areTrue(environment, terms, facts);
  return orIfTooComplex(false, () => {
    // One environment that tells them apart is enough, and most do.
    if (!own.every(isAlwaysSo)) return false;
    if (covers(policy.mentions, other.mentions)) return true;
    return holdingsOf(policy, index, bothMentions(policy.mentions, other.mentions)).every(isAlwaysSo);
  });
}
