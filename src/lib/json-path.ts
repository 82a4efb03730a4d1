import { InterlockError } from './errors.ts';
import { isJsonObject, type Json } from './json.ts';

/** One step of an obligation's path: a field, every element of an array, or any depth. */
export type PathStep =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'each' }
  | { readonly kind: 'any-depth' };

const STEP = /\.\*\*|\[\*\]|\.([A-Za-z_][A-Za-z0-9_-]*)/y;

/** Parses `input.a[*].b`, `result.**.ssn`: the root's name and the steps after it. Throws POLICY_INVALID. */
export function parsePath(text: string): { readonly root: 'input' | 'result'; readonly steps: readonly PathStep[] } {
  const root = /^(input|result)/.exec(text)?.[1];
  if (root !== 'input' && root !== 'result') throw invalid(text, 'it begins with input or result');
  const steps: PathStep[] = [];
  STEP.lastIndex = root.length;
  while (STEP.lastIndex < text.length) {
    const at = STEP.lastIndex;
    const match = STEP.exec(text);
    if (match === null) throw invalid(text, `"${text.slice(at)}" is not .name, [*] or .**`);
    steps.push(stepOf(match));
  }
  if (steps.length === 0) throw invalid(text, 'it names no field');
  if (steps.some(({ kind }, at) => kind === 'any-depth' && steps[at + 1]?.kind !== 'field'))
    throw invalid(text, '.** needs a field after it');
  return { root, steps };
}

function stepOf(match: RegExpExecArray): PathStep {
  if (match[1] !== undefined) return { kind: 'field', name: match[1] };
  return match[0] === '[*]' ? { kind: 'each' } : { kind: 'any-depth' };
}

function invalid(path: string, why: string): InterlockError {
  return new InterlockError('POLICY_INVALID', `the path "${path}" is not valid: ${why}`);
}

/** What to do with a value at the end of a path; `undefined` removes it. */
export type Change = (value: Json) => Json | undefined;

/**
 * A copy of `value` with `change` applied wherever `steps` lead; the same reference where nothing changes. A field step
 * on an array goes into each element, and `[*]` takes what is no array for the only element, so that neither a list nor
 * a single value can hide what the other would show.
 */
export function changeAt(value: Json, steps: readonly PathStep[], change: Change): Json | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return change(value);
  if (Array.isArray(value)) return changeArray(value, steps, change);
  if (step.kind === 'each') return changeAt(value, rest, change);
  if (!isJsonObject(value)) return value;
  switch (step.kind) {
    case 'field':
      return changeFields(
        value,
        (name) => name === step.name,
        (child) => changeAt(child, rest, change),
      );
    case 'any-depth': {
      const here = changeAt(value, rest, change);
      if (here === undefined || !isJsonObject(here)) return here;
      return changeFields(
        here,
        () => true,
        (child) => (typeof child === 'object' ? changeAt(child, steps, change) : child),
      );
    }
    default:
      return step satisfies never;
  }
}

function changeArray(items: readonly Json[], steps: readonly PathStep[], change: Change): Json {
  const rest = steps[0]?.kind === 'each' ? steps.slice(1) : steps;
  let changed = false;
  const out: Json[] = [];
  for (const item of items) {
    const next = changeAt(item, rest, change);
    if (next !== item) changed = true;
    if (next !== undefined) out.push(next);
  }
  return changed ? out : items;
}

function changeFields(
  object: { readonly [key: string]: Json },
  picks: (name: string) => boolean,
  next: (child: Json) => Json | undefined,
): Json {
  let out: Record<string, Json> | undefined;
  for (const [name, child] of Object.entries(object)) {
    if (!picks(name)) continue;
    const changed = next(child);
    if (changed === child) continue;
    out ??= { ...object };
    if (changed === undefined) delete out[name];
    else out[name] = changed;
  }
  return out ?? object;
}
