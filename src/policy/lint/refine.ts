import { LikePattern } from '../compiled/like-pattern.ts';
import { type Domain, FALSE, join, meet, scalarDomain, TRUE, without } from './domain.ts';
import type { Facts } from './facts.ts';
import type { Term } from './term.ts';

interface Assumption {
  readonly truth: boolean;
  readonly facts: Facts;
  /** Of a part of the term, under these facts. */
  readonly domainIn: (part: Term) => Domain | undefined;
}

/** What is known once a condition that is no chain has turned out so; undefined where it cannot. */
export function refine(term: Term, { truth, facts, domainIn }: Assumption): Facts | undefined {
  const told = new Map(facts).set(term.key, truth ? TRUE : FALSE);
  let isPossible = true;
  const restrict = (part: Term, narrow: (domain: Domain) => Domain | undefined): void => {
    if (part.op === 'literal') return;
    const value = domainIn(part);
    const narrowed = value && narrow(value);
    if (narrowed === undefined) isPossible = false;
    else told.set(part.key, narrowed);
  };
  const domainOf = (part: Term): Domain => domainIn(part) ?? { is: 'any' };
  switch (term.op) {
    case 'one-of': {
      const [part] = term.parts;
      if (!truth)
        restrict(part, (of) =>
          term.members.reduce<Domain | undefined>((left, each) => left && without(left, each), of),
        );
      else restrict(part, (of) => joined(term.members.map((member) => meet(of, scalarDomain(member)))));
      break;
    }
    case 'equals': {
      const [left, right] = term.parts;
      if (!truth) break;
      restrict(left, (of) => meet(of, domainOf(right)));
      restrict(right, (of) => meet(of, domainOf(left)));
      break;
    }
    case 'less': {
      const [low, high] = truth ? term.parts : ([term.parts[1], term.parts[0]] as const);
      const gap = truth ? 1n : 0n;
      const above = domainOf(high);
      const below = domainOf(low);
      if (above.is === 'number')
        restrict(low, (of) => (of.is === 'number' ? meet(of, { ...of, min: of.min, max: above.max - gap }) : of));
      if (below.is === 'number')
        restrict(high, (of) => (of.is === 'number' ? meet(of, { ...of, max: of.max, min: below.min + gap }) : of));
      break;
    }
    case 'like':
      restrict(term.parts[0], (of) => {
        if (of.is !== 'string' || of.values === undefined) return of;
        const values = [...of.values].filter((text) => new LikePattern(term.pattern).matches(text) === truth);
        return values.length === 0 ? undefined : { ...of, values: new Set(values) };
      });
      break;
    case 'is-empty':
      restrict(term.parts[0], (of) => (of.is === 'set' ? { ...of, isEmpty: truth } : of));
      break;
    case 'contains':
      if (truth) restrict(term.parts[0], (of) => (of.is === 'set' ? { ...of, isEmpty: false } : of));
      break;
    default:
      break;
  }
  return isPossible ? told : undefined;
}

function joined(domains: readonly (Domain | undefined)[]): Domain | undefined {
  const possible = domains.filter((domain) => domain !== undefined);
  return possible.length === 0 ? undefined : possible.reduce(join);
}
