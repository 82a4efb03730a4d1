import type { SignalDeclaration, SignalPattern } from '../../action/signal.ts';
import { nearest } from '../../lib/nearest.ts';
import type { PolicyProblem } from '../split-policies.ts';
import type { CheckedSignal } from './checked-signal.ts';

/** The signals that a declaration's patterns ask for, by name. */
export function readsOf({ events, unless = [], among = [] }: SignalDeclaration): ReadonlySet<string> {
  return new Set([...events, ...unless, ...among].flatMap(readsIn));
}

function readsIn({ reads = [], not = [] }: SignalPattern): readonly string[] {
  return [...reads.map(({ signal }) => signal), ...not.flatMap(readsIn)];
}

/** A signal may rest on others that are there, that hold or don't, and that do not rest on it. */
export function checkReads(signals: readonly CheckedSignal[]): readonly PolicyProblem[] {
  const byName = new Map(signals.map((signal) => [signal.declaration.name, signal]));
  return signals.flatMap(({ declaration, place }) =>
    [...readsOf(declaration)].flatMap((name): PolicyProblem[] => {
      const read = byName.get(name)?.declaration;
      const problem = (what: string, remedy: string): PolicyProblem[] => [
        { place, problem: `${declaration.name}: ${what}`, remedy },
      ];
      if (read === undefined) {
        const suggestion = nearest(name, byName.keys());
        return problem(
          `there is no signal "${name}"`,
          suggestion === undefined ? 'Declare it.' : `Did you mean "${suggestion}"?`,
        );
      }
      if (read.type !== 'Bool') return problem(`"${name}" neither holds nor not`, 'Name one that is true or false.');
      if (restsOn(read, declaration.name, byName))
        return problem(`"${name}" rests on it in turn`, 'Let one of both stand alone.');
      return [];
    }),
  );
}

function restsOn(
  declaration: SignalDeclaration,
  name: string,
  byName: ReadonlyMap<string, CheckedSignal>,
  seen: Set<string> = new Set(),
): boolean {
  if (declaration.name === name) return true;
  if (seen.has(declaration.name)) return false;
  seen.add(declaration.name);
  return [...readsOf(declaration)].some((next) => {
    const read = byName.get(next)?.declaration;
    return read !== undefined && restsOn(read, name, byName, seen);
  });
}
