import type { z } from 'zod';
import { type Domain, join, meet, numbers, onlyValue, scalarDomain } from './domain.ts';
import { boundsOf } from './zod-bounds.ts';

type Schema = z.core.$ZodType;

/** Checks of a text that the text either passes as it is, or not. */
const PLAIN_CHECKS = new Set(['min_length', 'max_length', 'length_equals', 'string_format']);
/** Checks of a number that its bounds show, or that only take more away. */
const NUMBER_CHECKS = new Set(['greater_than', 'less_than', 'number_format', 'multiple_of']);
const DEPTH = 8;

/**
 * What a field can be beyond its Cedar type: `domain` narrowed by what its zod schema says. Where that is more than
 * bounds and words (transformations, checks in code), the domain is returned as it came.
 */
export function zodDomain(schema: Schema, domain: Domain, depth = 0): Domain {
  if (depth > DEPTH) return domain;
  // Every schema that zod makes is one of these; the base class only forgets which.
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const inner = (of: Schema) => zodDomain(of, domain, depth + 1);
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
      return inner(def.innerType);
    case 'default': {
      const given = literalOf(def.defaultValue);
      return given === undefined ? domain : join(inner(def.innerType), given);
    }
    case 'pipe':
      return inner(def.out);
    case 'enum':
      return words(Object.values(def.entries), domain);
    case 'literal':
      return words(def.values, domain);
    case 'union':
      return def.options.map(inner).reduce(join);
    case 'string':
      return isPlain(def, PLAIN_CHECKS) && domain.is === 'string'
        ? { ...domain, accepts: (text) => isAccepted(schema, text) }
        : domain;
    case 'number':
      return domain.is === 'number' && isPlain(def, NUMBER_CHECKS) ? bounded(schema, domain) : domain;
    case 'array':
      return domain.is === 'set' ? { ...domain, element: zodDomain(def.element, domain.element, depth + 1) } : domain;
    case 'object':
      return domain.is === 'record' ? withFields(def.shape, domain, depth) : domain;
    default:
      return domain;
  }
}

function withFields(shape: z.core.$ZodShape, record: Domain & { readonly is: 'record' }, depth: number): Domain {
  const fields = new Map(record.fields);
  for (const [name, field] of record.fields) {
    const schema = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (schema !== undefined) fields.set(name, { ...field, domain: zodDomain(schema, field.domain, depth + 1) });
  }
  return { is: 'record', fields };
}

function isPlain(
  { checks = [] }: { readonly checks?: readonly z.core.$ZodCheck[] | undefined },
  known: ReadonlySet<string>,
) {
  return checks.every(({ _zod: { def } }) => known.has(def.check));
}

function isAccepted(schema: Schema, text: string): boolean {
  const result = schema._zod.run({ value: text, issues: [] }, { async: false });
  return result instanceof Promise || result.issues.length === 0;
}

/** Bounds of a field that is a `Long` for policies; of a decimal nothing is said, it is rounded on its way. */
function bounded(schema: Schema, domain: Domain & { readonly is: 'number' }): Domain {
  if (domain.type !== 'long') return domain;
  const { min, max } = boundsOf(schema);
  const low = Number.isSafeInteger(min) ? BigInt(min) : domain.min;
  const high = Number.isSafeInteger(max) ? BigInt(max) : domain.max;
  return low > high ? domain : (meet(domain, numbers(low, high)) ?? domain);
}

function literalOf(value: unknown): Domain | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? scalarDomain(BigInt(value)) : undefined;
  return typeof value === 'string' || typeof value === 'boolean' ? scalarDomain(value) : undefined;
}

function words(values: readonly unknown[], domain: Domain): Domain {
  const domains = values.filter((value) => value !== null && value !== undefined).map(literalOf);
  const known = domains.filter((each) => each !== undefined);
  if (known.length === 0 || known.length < domains.length) return domain;
  const all = known.reduce(join);
  if (all.is !== domain.is) return domain;
  const texts = known.map(onlyValue).filter((each) => typeof each === 'string');
  return all.is === 'string' ? { ...all, words: new Set(texts) } : all;
}
