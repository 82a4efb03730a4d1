import type {
  SignalDeclaration,
  SignalField,
  SignalKind,
  SignalPattern,
  SignalScalar,
  SignalType,
} from '../../action/signal.ts';
import { type CatalogFacts, earlierOperations, type OperationFacts } from './operation-facts.ts';
import { type Complain, DONE, meant, resolvePattern, SPENT } from './resolve-pattern.ts';
import { resolveWhere } from './resolve-where.ts';
import { fieldNames, parseField, typeOfField } from './signal-fields.ts';
import type { WrittenPattern, WrittenSignal } from './signal-schema.ts';

interface Part {
  readonly needed: readonly SignalKind[];
  readonly allowed: readonly SignalKind[];
}

/** Parts of a declaration that only some kinds have. */
const PARTS: Readonly<Record<'of' | 'unless' | 'among' | 'as' | 'ago' | 'includePresent', Part>> = {
  of: { needed: ['sum', 'distinct', 'first', 'last'], allowed: ['sum', 'distinct', 'first', 'last'] },
  unless: { needed: ['since'], allowed: ['since'] },
  among: { needed: [], allowed: ['previous'] },
  as: { needed: [], allowed: ['distinct'] },
  ago: { needed: [], allowed: ['count', 'sum', 'distinct', 'first', 'formerly', 'never'] },
  includePresent: { needed: [], allowed: ['count', 'sum', 'distinct'] },
};

/** What helps an action counts once it is done; what limits or ends something counts from the moment it is allowed. */
const COUNTS_ONCE_DONE: readonly SignalKind[] = ['formerly', 'since', 'previous', 'first', 'last'];

/** A written signal as it is folded; where something is complained of, it must not be used. */
export function resolveSignal(
  name: string,
  written: WrittenSignal,
  { facts, complain }: { readonly facts: CatalogFacts; readonly complain: Complain },
): SignalDeclaration {
  checkParts(written, complain);
  const patterns = (part: 'events' | 'unless' | 'among', statuses: SignalPattern['statuses']) =>
    written[part]?.map((pattern: WrittenPattern, index) =>
      resolvePattern(pattern, { facts, path: [part, index], statuses, complain }),
    );
  const { kind, scope, within, ago, includePresent } = written;
  const events = patterns('events', COUNTS_ONCE_DONE.includes(kind) ? DONE : SPENT) ?? [];
  const among = kind === 'previous' ? (patterns('among', SPENT) ?? [{ statuses: SPENT }]) : undefined;
  const unless = patterns('unless', SPENT);
  const kept = among ?? events;
  const earlier = earlierOperations(kept, facts);
  const where = resolveWhere(written.where, { earlier, all: earlierOperations([{}], facts), complain });
  for (const [index, { event }] of where.entries())
    checkEverywhere(event, [...kept, ...(unless ?? [])], { facts, complain, at: ['where', index] });
  const shown = written.of === undefined ? undefined : fieldOf(written, earlier, complain);
  const declaration = { name, kind, scope, withinMs: within, agoMs: ago, events, unless, among, where, includePresent };
  const type = typeOf(written, shown?.scalar);
  checkMoney(written, { ...declaration, of: shown?.field, type }, complain);
  return { ...declaration, of: shown?.field, type };
}

function checkParts(written: WrittenSignal, complain: Complain): void {
  const { kind, within, ago } = written;
  for (const [part, { needed, allowed }] of Object.entries(PARTS) as [keyof typeof PARTS, Part][]) {
    // the keys of PARTS
    const isThere = written[part] !== undefined && written[part] !== false;
    if (!isThere && needed.includes(kind)) complain(['kind'], `${kind} needs \`${part}\``, `Add \`${part}\`.`);
    if (isThere && !allowed.includes(kind))
      complain([part], `${kind} has no \`${part}\``, `It belongs to ${allowed.join(', ')}.`);
  }
  if (within !== undefined && ago !== undefined && ago >= within)
    complain(['ago'], 'nothing is older than `ago` and younger than `within`', 'Make `within` longer.');
}

/** An operation that is named must have what it is correlated by, or it could never be found. */
function checkEverywhere(
  field: SignalField,
  patterns: readonly SignalPattern[],
  {
    facts,
    complain,
    at,
  }: { readonly facts: CatalogFacts; readonly complain: Complain; readonly at: readonly PropertyKey[] },
): void {
  for (const { operations = [] } of patterns) {
    const known = operations.flatMap((name) => facts.operations.get(name) ?? []);
    if (known.length > 0 && !known.some((operation) => typeOfField(field, operation) !== undefined))
      complain(
        at,
        `${operations.join(', ')} has no such field, so it could never be found`,
        'Correlate by what all have.',
      );
  }
}

interface Shown {
  readonly field: SignalField;
  readonly scalar: SignalScalar;
}

/** What is summed, told apart or shown: of one type, whichever operation it is of. */
function fieldOf(written: WrittenSignal, earlier: readonly OperationFacts[], complain: Complain): Shown | undefined {
  const { of = '', kind, as } = written;
  const field = parseField(of);
  const types = field === undefined ? [] : earlier.flatMap((operation) => typeOfField(field, operation) ?? []);
  const [first] = types;
  if (field === undefined || first === undefined) {
    complain(['of'], `no operation in question has the field "${of}"`, meant(of, fieldNames(earlier)));
    return undefined;
  }
  const isCounted = kind === 'distinct' && as === undefined;
  const isOne = types.every(({ scalar }) => JSON.stringify(scalar) === JSON.stringify(first.scalar));
  if (!isCounted && (!isOne || isUntyped(first.scalar)))
    complain(['of'], `${of} is of different types in different operations`, 'Name operations that agree on it.');
  if (kind === 'sum' && (first.scalar !== 'Long' || first.many))
    complain(['of'], `${of} is no integer`, 'Sum effect.amount, effect.count or an integer field.');
  // A resource is shown by its id: its type is known.
  return { field: field.of === 'resource' && !isCounted ? { of: 'resource.id' } : field, scalar: first.scalar };
}

function isUntyped(scalar: SignalScalar): boolean {
  return typeof scalar === 'object' && scalar.entity === '';
}

function typeOf({ kind, as }: WrittenSignal, shown: SignalScalar = 'String'): SignalType {
  switch (kind) {
    case 'count':
    case 'sum':
      return 'Long';
    case 'distinct':
      return as === 'set' ? { setOf: shown } : 'Long';
    case 'first':
    case 'last':
      return shown;
    case 'formerly':
    case 'never':
    case 'previous':
    case 'since':
      return 'Bool';
    default:
      return kind satisfies never;
  }
}

/** Amounts of different currencies have no sum. */
function checkMoney({ of, kind }: WrittenSignal, { where, events }: SignalDeclaration, complain: Complain): void {
  if (kind !== 'sum' || of !== 'effect.amount') return;
  const isSame = where.some(({ event, same }) => same && event.of === 'effect.currency');
  if (!isSame && !events.every(({ currencies }) => currencies?.length === 1))
    complain(
      ['of'],
      'amounts of different currencies have no sum',
      'Add `where: same effect.currency`, or `currency` to `events`.',
    );
}
