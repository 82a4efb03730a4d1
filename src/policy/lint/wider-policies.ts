import type { EnvironmentIndex } from './environment-index.ts';
import type { LintedPolicy } from './linted-policy.ts';
import type { Term } from './term.ts';

/** Any action at all. */
const ANYWHERE = '*';

/**
 * Finds the few policies that one could be a special case of. What a wider policy asks for, the narrower one must speak
 * of too: each policy is filed under the rarest thing that it asks for.
 */
export class WiderPolicies {
  readonly #index: EnvironmentIndex;
  readonly #filed = new Map<string, LintedPolicy[]>();

  constructor(policies: readonly LintedPolicy[], index: EnvironmentIndex) {
    this.#index = index;
    const demands = policies.map((policy) => ({ policy, asks: demandsOf(policy) }));
    const frequency = new Map<string, number>();
    for (const { asks } of demands) for (const ask of asks) frequency.set(ask, (frequency.get(ask) ?? 0) + 1);
    for (const { policy, asks } of demands) {
      const rarest = asks.reduce<string>(
        (best, ask) => (best === '' || (frequency.get(ask) ?? 0) < (frequency.get(best) ?? 0) ? ask : best),
        '',
      );
      for (const name of policy.names ?? [ANYWHERE]) {
        const key = keyOf(name, rarest);
        const filed = this.#filed.get(key);
        if (filed === undefined) this.#filed.set(key, [policy]);
        else filed.push(policy);
      }
    }
  }

  /** Those that may hold wherever this one does; never itself. */
  *of(policy: LintedPolicy): Generator<LintedPolicy> {
    const given = new Set<LintedPolicy>([policy]);
    const asks = ['', ...offersOf(policy)];
    for (const name of this.#actionsAround(policy)) {
      for (const ask of asks) {
        for (const other of this.#filed.get(keyOf(name, ask)) ?? []) {
          if (given.has(other)) continue;
          given.add(other);
          yield other;
        }
      }
    }
  }

  /** What a wider head can name: the first action of this one's, a group of it, or nothing. */
  #actionsAround({ names }: LintedPolicy): ReadonlySet<string> {
    const [first] = names ?? [];
    if (first === undefined) return new Set([ANYWHERE]);
    const groups = this.#index
      .within(new Set([first]))
      .slice(0, 1)
      .flatMap((environment) => [...environment.names]);
    return new Set([ANYWHERE, first, 'write', ...groups]);
  }
}

function keyOf(action: string, ask: string): string {
  return `${action} ${ask}`;
}

/** Terms that must be known of a request before the policy can be said to hold: each conjunct names what it is about. */
function demandsOf({ scope, conditions }: LintedPolicy): readonly string[] {
  return [...scope, ...conditions].flatMap(conjunctsOf).flatMap((term) => {
    if (term.op === 'one-of' && term.members.length === 1) return [term.key];
    // Of what is only asked in one of several alternatives, nothing need be known.
    const subject = term.op === 'not' ? term.parts[0] : term;
    return subject.op === 'or' || subject.op === 'and' || subject.op === 'if' ? [] : pathsIn(subject).slice(0, 1);
  });
}

/** Everything that a policy speaks of. */
function offersOf({ scope, conditions }: LintedPolicy): ReadonlySet<string> {
  const offers = new Set<string>();
  const open = [...scope, ...conditions];
  for (let term = open.pop(); term !== undefined; term = open.pop()) {
    offers.add(term.key);
    if ('parts' in term) open.push(...term.parts);
  }
  return offers;
}

function conjunctsOf(term: Term): readonly Term[] {
  return term.op === 'and' ? term.parts.flatMap(conjunctsOf) : [term];
}

/** The longest paths of attributes in a term. */
function pathsIn(term: Term): readonly string[] {
  if (term.op === 'attribute' || term.op === 'variable') return [term.key];
  return 'parts' in term ? term.parts.flatMap(pathsIn) : [];
}
