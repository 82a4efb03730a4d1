import { canActionsMeet } from './action-inclusion.ts';
import { ANY } from './domain.ts';
import type { Environment } from './environment.ts';
import type { EnvironmentIndex } from './environment-index.ts';
import type { Facts } from './facts.ts';
import { type Finding, finding, placeAndId } from './finding.ts';
import { Interpreter, orIfTooComplex } from './interpreter.ts';
import { assumeAll, holdingsOf, type LintedPolicy } from './linted-policy.ts';
import { bothMentions } from './mentions.ts';

/** Permits that a forbid is compared with before it is taken for granted that one of them meets it. */
const MOST_COMPARED = 200;

/** Forbids of what nothing permits. A set without any permit is a part of a larger one: nothing is said of it. */
export function permitFindings(policies: readonly LintedPolicy[], index: EnvironmentIndex): readonly Finding[] {
  const permits = policies.filter(({ checked }) => checked.description.effect === 'permit');
  if (permits.length === 0) return [];
  return policies.flatMap((policy) => {
    if (policy.checked.description.effect === 'permit' || isMet(policy, permits, index)) return [];
    return [finding(placeAndId(policy), { rule: 'nothing-to-forbid', problem: 'no permit covers anything of it' })];
  });
}

function isMet(forbid: LintedPolicy, permits: readonly LintedPolicy[], index: EnvironmentIndex): boolean {
  if (holdingsOf(forbid, index).length === 0) return true;
  const near = permits.filter(({ names }) => canActionsMeet(forbid.names, names, index));
  return (
    near.length > MOST_COMPARED || near.some((permit) => orIfTooComplex(true, () => canMeet(forbid, permit, index)))
  );
}

/** Whether both can hold for one action. A permit is asked of its first resource, a forbid of any: what is known of the resource is left out. */
function canMeet(forbid: LintedPolicy, permit: LintedPolicy, index: EnvironmentIndex): boolean {
  const both = bothMentions(forbid.mentions, permit.mentions);
  const mentions = { ...both, actions: new Set([...both.actions, ...(permit.names ?? [])]) };
  return holdingsOf(forbid, index, mentions).some(({ environment, facts }) => {
    if (permit.names !== undefined && ![...environment.names].some((name) => permit.names?.has(name))) return false;
    const interpreter = new Interpreter(withoutResource(environment));
    return assumeAll(interpreter, [...permit.scope, ...permit.conditions], withoutResourceFacts(facts)) !== undefined;
  });
}

function withoutResource(environment: Environment): Environment {
  return {
    ...environment,
    variables: new Map(environment.variables).set('resource', ANY),
    isIn: (entity, other) => (entity.variable === 'resource' ? undefined : environment.isIn(entity, other)),
  };
}

function withoutResourceFacts(facts: Facts): Facts {
  return new Map([...facts].filter(([key]) => !key.includes('(variable "resource")')));
}
