import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { SECRETS } from '../connector/secret-reference.ts';
import { InterlockError } from '../lib/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../lib/json.ts';

export interface SecretSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Relative `file:` references start here. */
  readonly baseDirectory: string;
}

interface Place {
  readonly system: string;
  readonly schema: z.ZodType;
  readonly sources: SecretSources;
}

/**
 * Settings with every `env:NAME` and `file:path` reference replaced by what it names. Throws CONFIG_INVALID for a secret
 * that stands in the file itself, and SECRET_MISSING naming the reference.
 */
export function resolveSecrets(settings: JsonObject, place: Place): JsonObject {
  refuseInline(settings, secretPlaces(place.schema), place.system);
  const resolved = replace(settings, place);
  return isJsonObject(resolved) ? resolved : {};
}

function replace(value: Json, place: Place): Json {
  if (typeof value === 'string') return dereference(value, place);
  if (Array.isArray(value)) return value.map((item: Json) => replace(item, place));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, replace(child, place)]));
}

/** What a reference names; any other text as it is. Throws SECRET_MISSING. */
export function dereference(text: string, { system, sources }: Omit<Place, 'schema'>): string {
  if (text.startsWith('env:')) {
    const name = text.slice('env:'.length);
    const value = Object.hasOwn(sources.environment, name) ? sources.environment[name] : undefined;
    if (value === undefined || value === '')
      throw new InterlockError('SECRET_MISSING', `${system}: ${text} is not set`);
    return value;
  }
  if (!text.startsWith('file:')) return text;
  try {
    return readFileSync(resolve(sources.baseDirectory, text.slice('file:'.length)), 'utf8').trimEnd();
  } catch (cause) {
    throw new InterlockError('SECRET_MISSING', `${system}: ${text} cannot be read`, { cause });
  }
}

type SchemaNode = JsonObject;

/** The settings' JSON Schema, in which the secret fields carry `secret: true` from their registry. */
function secretPlaces(schema: z.ZodType): SchemaNode {
  const json: unknown = z.toJSONSchema(schema, {
    metadata: SECRETS,
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
  });
  return isJsonObject(json) ? json : {};
}

function refuseInline(value: Json | undefined, node: Json | undefined, path: string): void {
  if (value === undefined || !isJsonObject(node)) return;
  if (node['secret'] === true && typeof value === 'string' && !/^(env|file):/.test(value)) {
    throw new InterlockError('CONFIG_INVALID', `${path} is a secret: write env:NAME or file:path instead of its value`);
  }
  for (const branches of [node['anyOf'], node['oneOf'], node['allOf']]) {
    if (Array.isArray(branches)) for (const branch of branches) refuseInline(value, branch, path);
  }
  const { properties, items, additionalProperties } = node;
  if (Array.isArray(value)) for (const item of value) refuseInline(item, items, path);
  if (!isJsonObject(value)) return;
  for (const [key, child] of Object.entries(value)) {
    const known = isJsonObject(properties) ? properties[key] : undefined;
    refuseInline(child, known ?? additionalProperties, `${path}.${key}`);
  }
}
