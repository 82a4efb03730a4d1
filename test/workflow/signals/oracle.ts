import type { SignalDeclaration, SignalPattern } from '../../../src/action/signal.ts';
import type { Json } from '../../../src/lib/json.ts';
import { fieldValues } from '../../../src/workflow/signals/field-values.ts';
import type { Occurrence } from '../../../src/workflow/signals/occurrence.ts';

/** What a signal is by definition: looks through everything that ever happened. Of declarations without `ago` lists only. */
export function signalByDefinition(
  declaration: SignalDeclaration,
  { past, present, now }: { readonly past: readonly Occurrence[]; readonly present: Occurrence; readonly now: number },
): Json | undefined {
  const { kind, withinMs = Infinity, agoMs, where, of, events, unless = [], among } = declaration;
  const inReach = past
    .filter(({ at }) => now - at < withinMs && (agoMs === undefined || now - at >= agoMs))
    .filter((event) => isInScope(declaration, event, present))
    .filter((event) =>
      where.every(({ event: left, present: right, same }) => {
        const [a] = fieldValues(event, left);
        const [b] = fieldValues(present, right);
        return a !== undefined && b !== undefined && (a === b) === same;
      }),
    )
    .toSorted((a, b) => a.at - b.at || (a.workflow < b.workflow ? -1 : a.workflow > b.workflow ? 1 : a.seen - b.seen));
  const found = inReach.filter((event) => (among ?? events).some((pattern) => finds(pattern, event)));
  const ends = inReach.filter((event) => unless.some((pattern) => finds(pattern, event)));
  const values = found.map((event) => (of === undefined ? undefined : fieldValues(event, of)[0]));
  const last = found.at(-1);
  switch (kind) {
    case 'count':
      return found.length;
    case 'sum':
      return values.reduce<number>((sum, value) => sum + Number(value), 0);
    case 'distinct':
      return new Set(values).size;
    case 'first':
      return values[0];
    case 'last':
      return values.at(-1);
    case 'formerly':
      return found.length > 0;
    case 'never':
      return found.length === 0;
    case 'previous':
      return last !== undefined && events.some((pattern) => finds(pattern, last));
    case 'since':
      return last !== undefined && !ends.some((end) => inReach.indexOf(end) > inReach.indexOf(last));
    default:
      return kind satisfies never;
  }
}

function isInScope({ scope }: SignalDeclaration, event: Occurrence, present: Occurrence): boolean {
  if (scope === 'agent') return event.agent === present.agent;
  return scope === 'user' ? event.user === present.user : true;
}

function finds({ operations, statuses, effects }: SignalPattern, event: Occurrence): boolean {
  return (
    (operations?.includes(event.operation) ?? true) &&
    (statuses?.includes(event.status) ?? true) &&
    (effects === undefined || (event.effect !== undefined && effects.includes(event.effect.kind)))
  );
}
