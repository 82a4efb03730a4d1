import { z } from 'zod';
import type { Action } from '../action/action.ts';
import { type Effect, effectSchema, WORST_EFFECT } from '../action/effect.ts';
import { BOUNDS } from '../lib/bounds.ts';
import { InterlockError } from '../lib/errors.ts';
import { isJsonObject, type JsonObject } from '../lib/json.ts';
import { strictCopy } from '../lib/strict-copy.ts';
import type { AnyOperation } from './contract.ts';
import { readEffectOf } from './read-effect.ts';
import type { RegisteredOperation } from './registered-operation.ts';

/** What a caller sent, read as strictly as text from outside into a copy that nobody else holds. */
export interface Sent {
  readonly input: JsonObject;
  /** The RFC 8785 form of `input`. */
  readonly text: string;
}

/** Reads the input of a call once. Throws what {@link strictCopy} throws, TOO_LARGE, and INVALID_INPUT for what is no object. */
export function snapshot(input: JsonObject): Sent {
  const { copy, text } = strictCopy(input);
  if (!isJsonObject(copy)) throw new InterlockError('INVALID_INPUT', 'the input is not an object');
  if (text.length > BOUNDS.bodyBytes) throw new InterlockError('TOO_LARGE');
  return { input: copy, text };
}

/** Throws INVALID_INPUT naming each place. */
export function parseInput(schema: z.ZodObject, input: JsonObject): JsonObject {
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    const problems = parsed.error.issues
      .slice(0, 20)
      .map((issue) => ({ path: ['input', ...issue.path].join('.'), message: issue.message }));
    throw new InterlockError('INVALID_INPUT', problems.map(({ path, message }) => `${path}: ${message}`).join('; '), {
      data: { problems },
    });
  }
  return parsed.data as JsonObject; // schemas of operations speak JSON: the catalog refuses others when it loads
}

type Description = Pick<
  Action,
  'operation' | 'system' | 'activity' | 'input' | 'effect' | 'resources' | 'labels' | 'provenance' | 'facets'
>;

/**
 * What the parsed input makes of the operation: effect, resources, labels and facets. Throws CONNECTOR_INVALID where the
 * connector says what cannot be: nothing is decided on it.
 */
export function describe(operation: RegisteredOperation, input: JsonObject): Description {
  const { definition, name, system } = operation;
  try {
    return {
      operation: name,
      system,
      activity: definition.activity ?? 'tool',
      input,
      effect: effectOf(definition, input),
      resources: resourcesOf(operation, input),
      labels: declared(operation, definition.labels?.(input) ?? []),
      ...(definition.provenance === undefined ? {} : { provenance: definition.provenance }),
      facets: definition.facets?.of(input) ?? {},
    };
  } catch (cause) {
    if (cause instanceof InterlockError) throw cause;
    throw new InterlockError('CONNECTOR_INVALID', `${name} cannot say what this call does`, { cause });
  }
}

function effectOf(definition: AnyOperation, input: JsonObject): Effect {
  if (definition.kind === 'read') return readEffectOf(definition);
  const effect = effectSchema.parse(definition.effect(input));
  return definition.effectKinds.includes(effect.kind) ? effect : WORST_EFFECT;
}

const resourceList = z.array(z.object({ type: z.string(), id: z.string() })).min(1);

/** At least one, each of a type that the operation declares: policies on another type would not see it. */
function resourcesOf(operation: RegisteredOperation, input: JsonObject): Action['resources'] {
  const { definition, name } = operation;
  const resources = definition.resources(input);
  const types: ReadonlySet<string> = new Set(definition.resourceTypes);
  for (const { type } of resourceList.parse(resources)) {
    if (!types.has(type))
      throw new InterlockError('CONNECTOR_INVALID', `${name} touches a ${type}, which it does not declare`);
  }
  for (const { labels = [] } of resources) declared(operation, labels);
  return resources;
}

function declared({ name, systemLabels }: RegisteredOperation, labels: readonly string[]): readonly string[] {
  if (!Array.isArray(labels)) throw new TypeError('labels are a list');
  const undeclared = labels.find((label) => !systemLabels.has(label));
  if (undeclared === undefined) return labels;
  throw new InterlockError(
    'CONNECTOR_INVALID',
    `${name} attaches the label ${undeclared}, which its connector does not declare`,
  );
}
