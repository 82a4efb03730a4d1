import { isOnResult, isTransformation, type Obligation, REDACTED, type Transformation } from '../action/obligation.ts';
import { InterlockError } from '../lib/errors.ts';
import type { Json } from '../lib/json.ts';
import { type Change, changeAt, parsePath } from '../lib/json-path.ts';

type Capping = Extract<Transformation, { readonly max: number }>;

/** The fixed order: what removes most comes first, so that the strictest per path wins whatever order policies have. */
const ORDER: readonly Transformation['kind'][] = ['drop', 'redact', 'mask', 'limit', 'cap'];

/** The transformations among the obligations, each once, the strictest per kind and path, in the order they are applied. */
export function transformationsOf(
  obligations: readonly Obligation[],
  on: 'input' | 'result',
): readonly Transformation[] {
  const strictest = new Map<string, Transformation>();
  for (const obligation of obligations) {
    if (!isTransformation(obligation) || isOnResult(obligation) !== (on === 'result')) continue;
    const key = `${obligation.kind} ${obligation.path}`;
    const known = strictest.get(key);
    if (known === undefined || stricter(obligation, known)) strictest.set(key, obligation);
  }
  const all = [...strictest.values()];
  return all
    .filter((each) => !all.some((other) => replaces(other, each)))
    .sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || (a.path < b.path ? -1 : 1));
}

/** What leaves nothing of a value makes any weaker word on the same path idle. */
function replaces(a: Transformation, b: Transformation): boolean {
  return a.path === b.path && ORDER.indexOf(a.kind) < ORDER.indexOf(b.kind) && a.kind !== 'limit';
}

function stricter(a: Transformation, b: Transformation): boolean {
  return 'max' in a && 'max' in b && a.max < b.max;
}

/**
 * The value as every transformation leaves it; the same reference where none changes anything. What cannot be
 * limited or capped, because it is no list or number, is redacted in a result; in an input it is OBLIGATION_IMPOSSIBLE.
 */
export function transform<T extends Json>(value: T, transformations: readonly Transformation[]): T {
  let out: Json = value;
  // What one leaves can be what another takes away: once more, until nothing changes. Each round leaves less than before.
  for (let round = 0; round <= transformations.length + 1; round++) {
    const before: Json = out;
    for (const transformation of transformations) {
      const { steps } = parsePath(transformation.path);
      out = changeAt(out, steps, changeOf(transformation)) ?? null;
    }
    if (out === before) return out as T; // paths name at least one field, so an object stays an object
  }
  throw new InterlockError('OBLIGATION_IMPOSSIBLE', 'what the policies ask for does not come to an end');
}

function changeOf(transformation: Transformation): Change {
  switch (transformation.kind) {
    case 'drop':
      return () => undefined;
    case 'redact':
      return redact;
    case 'mask':
      return mask;
    case 'limit':
      return (value) => {
        if (!Array.isArray(value)) return unfit(transformation, value);
        return value.length > transformation.max ? value.slice(0, transformation.max) : value;
      };
    case 'cap':
      return (value) => capped(transformation, value);
    default:
      return transformation satisfies never;
  }
}

/** A number at most as large; in a list, each one. */
function capped(transformation: Capping, value: Json): Json {
  if (Array.isArray(value)) {
    const items: readonly Json[] = value.map((item: Json) => capped(transformation, item));
    return items.some((item, at) => item !== value[at]) ? items : value;
  }
  return typeof value === 'number' ? Math.min(value, transformation.max) : unfit(transformation, value);
}

function unfit(transformation: Capping, value: Json): Json {
  if (isOnResult(transformation)) return redact(value);
  if (value === null || value === REDACTED) return value;
  throw new InterlockError(
    'OBLIGATION_IMPOSSIBLE',
    `${transformation.kind}(${transformation.path}, ${transformation.max}) cannot be applied to what stands there`,
  );
}

function redact(value: Json): Json {
  return value === null || value === REDACTED ? value : REDACTED;
}

/** Keeps the shape and nothing else: letters become x, digits 0; other values are redacted whole. */
function mask(value: Json): Json {
  if (typeof value !== 'string' || value === REDACTED) return redact(value);
  const masked = value
    .replaceAll(/\p{Lu}/gu, 'X')
    .replaceAll(/[\p{L}\p{M}]/gu, (letter) => (letter === 'X' ? 'X' : 'x'))
    .replaceAll(/\p{N}/gu, '0');
  return masked === value ? value : masked;
}
