import type { CheckedPolicy } from '../checked-policy.ts';
import { actionScope, entityScope } from '../compiled/policy-scope.ts';
import type { EnvironmentClass, EnvironmentIndex } from './environment-index.ts';
import type { Facts } from './facts.ts';
import { Interpreter, type Observer } from './interpreter.ts';
import { type Mentions, mentionsOf } from './mentions.ts';
import { negated, scopeTerm, type Term, termOf } from './term.ts';

/** A policy as the linter looks at it. */
export interface LintedPolicy {
  readonly checked: CheckedPolicy;
  /** Actions and groups that its head names; undefined: it does not. */
  readonly names: ReadonlySet<string> | undefined;
  /** What its head asks of principal and resource. */
  readonly scope: readonly Term[];
  /** Its conditions, in order; those of an `unless` negated. */
  readonly conditions: readonly Term[];
  readonly mentions: Mentions;
}

export function lintedPolicy(checked: CheckedPolicy): LintedPolicy {
  const { principal, action, resource, conditions: written } = checked.json;
  const { equals, within } = actionScope(action);
  const scope = [scopeTerm('principal', entityScope(principal)), scopeTerm('resource', entityScope(resource))].filter(
    (term) => term !== undefined,
  );
  const conditions = written.map(({ kind, body }) => (kind === 'when' ? termOf(body) : negated(termOf(body))));
  const named = equals === undefined ? within : [equals];
  return {
    checked,
    names: named && new Set(named.map(({ id }) => id)),
    scope,
    conditions,
    mentions: mentionsOf([...scope, ...conditions]),
  };
}

/** What is known of the requests of one class for which a policy holds. */
export interface Holding extends EnvironmentClass {
  readonly facts: Facts;
}

const NOTHING_KNOWN: Facts = new Map();

/** The classes of requests for which the policy can hold. Throws TooComplex. */
export function holdingsOf(policy: LintedPolicy, index: EnvironmentIndex, mentions = policy.mentions): Holding[] {
  return index.classes(policy.names, mentions).flatMap((each) => {
    const facts = assumeAll(new Interpreter(each.environment), [...policy.scope, ...policy.conditions], NOTHING_KNOWN);
    return facts === undefined ? [] : [{ ...each, facts }];
  });
}

/** What is known where all terms are true, evaluated in this order; undefined where they cannot be. */
export function assumeAll(interpreter: Interpreter, terms: readonly Term[], facts: Facts): Facts | undefined {
  let known: Facts | undefined = facts;
  for (const term of terms) known = known && interpreter.outcome(term, known).whenTrue;
  return known;
}

/** Whether all terms are true, without an error, wherever `facts` hold. */
export function areTrue(environment: EnvironmentClass['environment'], terms: readonly Term[], facts: Facts): boolean {
  let canFail = false;
  const observer: Observer = {
    failure: () => {
      canFail = true;
    },
  };
  const interpreter = new Interpreter(environment, observer);
  let known: Facts | undefined = facts;
  for (const term of terms) {
    if (known === undefined) return true;
    const { whenTrue, whenFalse } = interpreter.outcome(term, known);
    if (whenFalse !== undefined || whenTrue === undefined || canFail) return false;
    known = whenTrue;
  }
  return !canFail;
}
