import type { SignalPattern } from '../../action/signal.ts';
import { type Occurrence, scalarsAt } from './occurrence.ts';

/** Whether one of the patterns finds the action. */
export function matchesAny(patterns: readonly SignalPattern[], occurrence: Occurrence): boolean {
  return patterns.some((pattern) => matches(pattern, occurrence));
}

/** Whether one would find it if its own decision had read what the pattern asks of it: it was made before that was declared. */
export function isUncertain(patterns: readonly SignalPattern[], occurrence: Occurrence): boolean {
  return patterns.some(({ reads = [], ...rest }) => {
    const isRecorded = reads.every(({ signal }) => occurrence.signals[signal] !== undefined);
    return !isRecorded && matches(rest, occurrence);
  });
}

function matches(pattern: SignalPattern, occurrence: Occurrence): boolean {
  const { operations, effects, statuses, labels, approved, currencies, input = [], reads = [], not } = pattern;
  const { effect } = occurrence;
  return (
    isOneOf(statuses, occurrence.status) &&
    isOneOf(operations, occurrence.operation) &&
    isOneOf(effects, effect?.kind) &&
    isOneOf(currencies, effect?.amount?.currency) &&
    (labels === undefined || labels.some((label) => occurrence.labels.includes(label))) &&
    (approved === undefined || approved === occurrence.approvers.length > 0) &&
    input.every(({ path, values }) => scalarsAt(occurrence.input, path).some((value) => values.includes(value))) &&
    reads.every(({ signal, value }) => occurrence.signals[signal] === value) &&
    !(not !== undefined && matchesAny(not, occurrence))
  );
}

function isOneOf<T>(allowed: readonly T[] | undefined, value: T | undefined): boolean {
  return allowed === undefined || (value !== undefined && allowed.includes(value));
}
