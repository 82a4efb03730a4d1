import type { SignalCorrelation, SignalScope } from '../../action/signal.ts';
import { BOUNDS } from '../../lib/bounds.ts';
import { type Digest, sha256 } from '../../lib/digest.ts';
import { fieldValues } from './field-values.ts';
import type { Occurrence, Scalar } from './occurrence.ts';

/** Whose past it is; that of a workflow, and of a tenant, is kept apart anyway. */
export function scopeValue(scope: SignalScope, { agent, user }: Occurrence): string {
  if (scope === 'agent') return agent;
  return scope === 'user' ? user : '';
}

/**
 * The values by which an action is correlated, one list for each combination, as keys; none where one is absent.
 * Undefined where there are too many.
 */
export function correlationKeys(
  prefix: string,
  correlations: readonly SignalCorrelation[],
  { occurrence, side }: { readonly occurrence: Occurrence; readonly side: 'event' | 'present' },
): readonly string[] | undefined {
  let keys: readonly string[] = [prefix];
  for (const correlation of correlations) {
    const values = fieldValues(occurrence, correlation[side]);
    const [first] = values;
    if (values.length === 1 && keys.length === 1 && first !== undefined) {
      keys = [keys[0] + partOf(first)];
      continue;
    }
    const parts = [...new Set(values)].map(partOf);
    if (keys.length * parts.length > BOUNDS.signalCombinations) return undefined;
    keys = keys.flatMap((key) => parts.map((part) => key + part));
  }
  return keys;
}

const ID_DIGITS = 16;

/** Names a cell of a signal for other processes, whatever the values in its key. */
export function cellId(signal: Digest, key: string): string {
  return sha256(`${signal}\n${key}`).slice('sha256:'.length, 'sha256:'.length + ID_DIGITS);
}

/** Says where it ends, so that no two lists of values have one key. */
function partOf(value: Scalar): string {
  return typeof value === 'string' ? `"${value.length}:${value}` : ` ${value}`;
}
