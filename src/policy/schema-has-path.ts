import type { z } from 'zod';
import type { PathStep } from '../lib/json-path.ts';

type Schema = z.core.$ZodType;

/** How deep a schema that contains itself is followed. */
const DEPTH = 12;

/** Whether a value of the schema can have something at the path; true where the schema leaves it open. */
export function schemaHasPath(schema: Schema, steps: readonly PathStep[]): boolean {
  return hasPath(schema, steps, { open: true, depth: 0 });
}

/** Whether the schema names what is at the path; false where it only leaves it open. */
export function schemaDeclaresPath(schema: Schema, steps: readonly PathStep[]): boolean {
  return hasPath(schema, steps, { open: false, depth: 0 });
}

interface Walk {
  /** What is said of a place that the schema leaves open. */
  readonly open: boolean;
  readonly depth: number;
}

function hasPath(schema: Schema, steps: readonly PathStep[], { open, depth }: Walk): boolean {
  const [step, ...rest] = steps;
  if (step === undefined || depth > DEPTH) return true;
  // Every schema that zod makes is one of these; the base class only forgets which.
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const into = (inner: Schema, remaining = steps) => hasPath(inner, remaining, { open, depth: depth + 1 });
  switch (def.type) {
    case 'object': {
      const children = Object.values(def.shape);
      if (step.kind === 'any-depth')
        return (open && isOpen(def)) || into(schema, rest) || children.some((child) => into(child));
      if (step.kind === 'each') return false;
      const child = def.shape[step.name];
      return child === undefined ? open && isOpen(def) : into(child, rest);
    }
    // As transformations do: a field step goes into each element.
    case 'array':
      return into(def.element, step.kind === 'each' ? rest : steps);
    case 'tuple':
      return def.items.some((item) => into(item, step.kind === 'each' ? rest : steps));
    case 'union':
      return def.options.some((option) => into(option));
    case 'intersection':
      return into(def.left) || into(def.right);
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'catch':
    case 'readonly':
      return into(def.innerType);
    case 'lazy':
      return into(def.getter());
    case 'pipe':
      return into(def.out);
    case 'record':
      return step.kind === 'field' ? into(def.valueType, rest) : open && step.kind === 'any-depth';
    case 'any':
    case 'unknown':
    case 'custom':
    case 'transform':
      return open;
    default:
      return false;
  }
}

function isOpen(def: z.core.$ZodObjectDef): boolean {
  return def.catchall !== undefined && (def.catchall as z.core.$ZodTypes)._zod.def.type !== 'never'; // as above
}
