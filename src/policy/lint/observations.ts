import type { EnvironmentClass, EnvironmentIndex } from './environment-index.ts';
import type { Facts } from './facts.ts';
import { Interpreter } from './interpreter.ts';
import { assumeAll, type LintedPolicy } from './linted-policy.ts';
import type { Term } from './term.ts';

interface Seen {
  true: boolean;
  false: boolean;
}

/** What was seen of a policy's conditions in all that is in its scope. */
export interface Observations {
  /** Those that its head admits. */
  readonly inScope: readonly (EnvironmentClass & { readonly facts: Facts })[];
  /** The classes looked at; none where its groups are empty here. */
  readonly classes: number;
  /** Those of them for which it can hold. */
  readonly holding: readonly EnvironmentClass[];
  /** What each condition can be where it is asked. */
  readonly seen: ReadonlyMap<Term, Seen>;
  /** Terms that can err. */
  readonly failing: ReadonlySet<Term>;
}

/** Throws TooComplex. */
export function observe({ names, scope, conditions, mentions }: LintedPolicy, index: EnvironmentIndex): Observations {
  const seen = new Map<Term, Seen>();
  const failing = new Set<Term>();
  const holding: EnvironmentClass[] = [];
  const classes = index.classes(names, mentions);
  const inScope = classes.flatMap((each) => {
    const facts = assumeAll(new Interpreter(each.environment), scope, new Map());
    return facts === undefined ? [] : [{ ...each, facts }];
  });
  for (const each of inScope) {
    const { environment, facts } = each;
    const interpreter = new Interpreter(environment, {
      outcome: (term, { whenTrue, whenFalse }) => {
        const known = seen.get(term) ?? { true: false, false: false };
        seen.set(term, { true: known.true || whenTrue !== undefined, false: known.false || whenFalse !== undefined });
      },
      failure: (term) => failing.add(term),
    });
    if (assumeAll(interpreter, conditions, facts) !== undefined) holding.push(each);
  }
  return { inScope, classes: classes.length, holding, seen, failing };
}
