import type { SignalCorrelation, SignalField } from '../../action/signal.ts';
import type { OperationFacts } from './operation-facts.ts';
import { type Complain, meant } from './resolve-pattern.ts';
import { fieldNames, parseField, typeOfField } from './signal-fields.ts';

const SHORT = /^(same|other)\s+(\S+)$/;
const LONG = /^(\S+)\s*(==|!=)\s*present\s+(\S+)$/;
/** What the present action has not, or not yet. */
const EARLIER_ONLY: readonly string[] = ['approver', 'at'];

interface Scope {
  /** Operations of the earlier actions. */
  readonly earlier: readonly OperationFacts[];
  readonly all: readonly OperationFacts[];
  readonly complain: Complain;
}

/** `same user`, `other agent`, `input.document == present input.id`, `approver != present user`. */
export function resolveWhere(written: readonly string[], scope: Scope): readonly SignalCorrelation[] {
  return written.flatMap((text, index) => {
    const at = ['where', index];
    const [, word, both] = SHORT.exec(text) ?? [];
    const [, left, operator, right] = LONG.exec(text) ?? [both, both, word === 'same' ? '==' : '!=', both];
    if (left === undefined || right === undefined) {
      scope.complain(
        at,
        `"${text}" does not correlate`,
        'Write `same user`, `other agent` or `input.a == present input.b`.',
      );
      return [];
    }
    const event = fieldIn(left, scope.earlier, { scope, at });
    const present = fieldIn(right, scope.all, { scope, at });
    if (EARLIER_ONLY.includes(right))
      scope.complain(at, `the present action has no ${right} yet`, 'Compare with its user.');
    if (event === undefined || present === undefined) return [];
    if (!areComparable(event, present, scope))
      scope.complain(at, `${left} and ${right} are never of the same type`, 'Compare fields of one type.');
    return [{ event, present, same: operator === '==' }];
  });
}

/** The field, where one of the operations has it. */
function fieldIn(
  text: string,
  operations: readonly OperationFacts[],
  { scope, at }: { readonly scope: Scope; readonly at: readonly PropertyKey[] },
): SignalField | undefined {
  const field = parseField(text);
  if (field !== undefined && operations.some((operation) => typeOfField(field, operation) !== undefined)) return field;
  scope.complain(at, `no operation in question has the field "${text}"`, meant(text, fieldNames(operations)));
  return undefined;
}

function areComparable(event: SignalField, present: SignalField, { earlier, all }: Scope): boolean {
  const types = new Set(earlier.flatMap((operation) => typeKey(event, operation) ?? []));
  return all.some((operation) => types.has(typeKey(present, operation) ?? ''));
}

/** Equal for fields whose values can be equal; resources of all types are told apart by their own type. */
export function typeKey(field: SignalField, operation: OperationFacts): string | undefined {
  const scalar = typeOfField(field, operation)?.scalar;
  if (field.of === 'resource') return 'resource';
  return scalar === undefined ? undefined : JSON.stringify(scalar);
}
