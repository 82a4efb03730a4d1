import { SIGNAL_STATUSES, type SignalPattern, type SignalStatus } from '../../action/signal.ts';
import { nearest } from '../../lib/nearest.ts';
import type { CatalogFacts } from './operation-facts.ts';
import { parseField, typeOfField } from './signal-fields.ts';
import type { WrittenPattern } from './signal-schema.ts';

/** Where in a declaration something is, as its YAML has it, and what is wrong there. */
export type Complain = (path: readonly PropertyKey[], problem: string, remedy: string) => void;

/** Allowed, and not known to have come to nothing. */
export const SPENT: readonly SignalStatus[] = ['in-flight', 'accepted', 'succeeded', 'unknown'];
export const DONE: readonly SignalStatus[] = ['succeeded'];

interface Scope {
  readonly facts: CatalogFacts;
  readonly path: readonly PropertyKey[];
  /** Of an action whose pattern says nothing of decision and outcome; undefined: any. */
  readonly statuses: readonly SignalStatus[] | undefined;
  readonly complain: Complain;
}

/** One pattern, with its names checked and its groups resolved. */
export function resolvePattern(written: WrittenPattern, scope: Scope): SignalPattern {
  const { effect, label, approved, currency, input, signal, not } = written;
  const operations = operationsOf(written, scope);
  return {
    operations,
    effects: effect,
    statuses: statusesOf(written, scope),
    labels: label,
    approved,
    currencies: currency,
    input: input && constantsOf(input, operations, scope),
    reads: signal && Object.entries(signal).map(([name, value]) => ({ signal: name, value })),
    not: not?.map((pattern, index) =>
      resolvePattern(pattern, { ...scope, path: [...scope.path, 'not', index], statuses: undefined }),
    ),
  };
}

function operationsOf({ operation }: WrittenPattern, { facts, path, complain }: Scope): readonly string[] | undefined {
  if (operation === undefined) return undefined;
  const found = operation.flatMap((name) => {
    const known = facts.names.get(name);
    if (known === undefined)
      complain([...path, 'operation'], `there is no operation or group "${name}"`, meant(name, facts.names.keys()));
    return known ?? [];
  });
  return [...new Set(found)];
}

function statusesOf(
  { decision, outcome }: WrittenPattern,
  { statuses, path, complain }: Scope,
): readonly SignalStatus[] | undefined {
  if (decision === undefined) return outcome ?? statuses;
  const isAny = decision.includes('any');
  if (outcome !== undefined && !isAny && !decision.includes('allowed'))
    complain(
      [...path, 'outcome'],
      'only what was allowed has an outcome',
      'Leave out `outcome`, or say `decision: allowed`.',
    );
  const ofAllowed = outcome ?? (isAny ? SIGNAL_STATUSES : SPENT);
  return SIGNAL_STATUSES.filter((status) => {
    if (status === 'denied' || status === 'held') return isAny || decision.includes(status);
    return (isAny || decision.includes('allowed')) && ofAllowed.includes(status);
  });
}

function constantsOf(
  input: NonNullable<WrittenPattern['input']>,
  operations: readonly string[] | undefined,
  { facts, path, complain }: Scope,
): SignalPattern['input'] {
  return Object.entries(input).map(([name, values]) => {
    const field = parseField(`input.${name}`) ?? { of: 'input' as const, path: [name] };
    const types = [...facts.operations.values()]
      .filter(({ operation }) => operations === undefined || operations.includes(operation))
      .flatMap((operation) => typeOfField(field, operation) ?? []);
    const at = [...path, 'input', name];
    if (types.length === 0)
      complain(at, `no operation that it names has the input field "${name}"`, 'Correct the name.');
    for (const value of values) {
      if (types.length > 0 && !types.some(({ scalar }) => isOfType(value, scalar)))
        complain(
          at,
          `the field "${name}" is never ${JSON.stringify(value)}`,
          'Write a value of the type of the field.',
        );
    }
    return { path: field.of === 'input' ? field.path : [name], values };
  });
}

function isOfType(value: string | number | boolean, scalar: unknown): boolean {
  if (typeof value === 'boolean') return scalar === 'Bool';
  if (typeof value === 'number') return scalar === 'Long' || scalar === 'decimal';
  return scalar === 'String' || scalar === 'datetime';
}

export function meant(written: string, known: Iterable<string>): string {
  const suggestion = nearest(written, known);
  return suggestion === undefined ? 'Name one that the catalog has.' : `Did you mean "${suggestion}"?`;
}
