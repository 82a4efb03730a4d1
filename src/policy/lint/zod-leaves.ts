import type { z } from 'zod';
import type { PathStep } from '../../lib/json-path.ts';

type Schema = z.core.$ZodType;

/** What can stand at the end of a path. */
export interface Leaf {
  /** Without what makes it optional. */
  readonly schema: z.core.$ZodTypes;
  /** The object around it does not do without it. */
  readonly isRequired: boolean;
}

/** How deep a schema is followed. */
const DEPTH = 12;

/** Everything that a schema says can stand at a path of fields and elements; undefined where it leaves that open. */
export function leavesAt(schema: Schema, steps: readonly PathStep[]): readonly Leaf[] | undefined {
  return leaves(schema, steps, { isRequired: false, depth: 0 });
}

function leaves(
  schema: Schema,
  steps: readonly PathStep[],
  { isRequired, depth }: { readonly isRequired: boolean; readonly depth: number },
): readonly Leaf[] | undefined {
  if (depth > DEPTH) return undefined;
  const known = schema as z.core.$ZodTypes; // every schema that zod makes is one of these
  const { def } = known._zod;
  const into = (inner: Schema, rest = steps, required = isRequired) =>
    leaves(inner, rest, { isRequired: required, depth: depth + 1 });
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
      return into(def.innerType);
    case 'union': {
      const found = def.options.map((option) => into(option));
      return found.some((each) => each === undefined) ? undefined : found.flatMap((each) => each ?? []);
    }
    case 'any':
    case 'unknown':
    case 'custom':
    case 'transform':
    case 'record':
    case 'lazy':
    case 'pipe':
    case 'intersection':
    case 'tuple':
    case 'catch':
      return undefined;
    default:
  }
  const [step, ...rest] = steps;
  if (step === undefined) return [{ schema: known, isRequired }];
  if (def.type === 'array') return into(def.element, step.kind === 'each' ? rest : steps, false);
  if (def.type !== 'object') return [];
  if (step.kind !== 'field') return step.kind === 'each' ? [] : undefined;
  const child = def.shape[step.name];
  if (child === undefined) return def.catchall === undefined ? [] : undefined;
  return into(child, rest, child._zod.optin !== 'optional');
}
