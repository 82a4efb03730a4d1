import { argumentValues } from '../../src/connector/intake/argument-values.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../src/lib/json.ts';
import type { ApiManifest, NamedInput, ReadBack } from './api-manifest.ts';
import type { DescribedOperation, DescribedOperations } from './described-operation.ts';

/**
 * The operation that an entry of a manifest names beside its own, and how its input is made of a call; undefined where the
 * call or its answer does not have what it needs. Throws CONNECTOR_INVALID where it is not described.
 */
export interface FurtherCall {
  readonly key: string;
  readonly described: DescribedOperation;
  readonly inputOf: (call: {
    readonly input: JsonObject;
    readonly result?: Json | undefined;
  }) => JsonObject | undefined;
}

export function furtherCall(
  described: DescribedOperations,
  { operation: key, input: named }: { readonly operation: string; readonly input: NamedInput },
): FurtherCall {
  const found = described.get(key);
  if (found === undefined || found instanceof InterlockError)
    throw new InterlockError('CONNECTOR_INVALID', `the manifest names ${key}, which cannot be used`);
  return { key, described: found, inputOf: (call) => inputOf(found, named, call) };
}

/** What an entry's own call is followed by, where it names something. */
export interface FurtherCalls {
  readonly undo: FurtherCall | undefined;
  readonly readBack: (FurtherCall & Pick<ReadBack, 'shows'>) | undefined;
}

export function furtherCalls(
  described: DescribedOperations,
  { undo, readBack }: ApiManifest['operations'][string],
): FurtherCalls {
  return {
    undo: undo === undefined ? undefined : furtherCall(described, undo),
    readBack: readBack === undefined ? undefined : { ...furtherCall(described, readBack), shows: readBack.shows },
  };
}

function inputOf(
  { parameters }: DescribedOperation,
  named: NamedInput,
  { input, result = null }: Parameters<FurtherCall['inputOf']>[0],
): JsonObject | undefined {
  const own = parameters
    .filter(({ place }) => place === 'path')
    .map(({ name }) => [`path.${name}`, `input.path.${name}`] as const);
  const made: Tree = new Map();
  for (const [target, from] of Object.entries({ ...Object.fromEntries(own), ...named })) {
    const [value, ...others] = argumentValues({ input, result }, from);
    if (value === undefined || others.length > 0) return undefined;
    place(made, target.split('.'), value);
  }
  return plain(made);
}

type Tree = Map<string, Json | Tree>;

function place(tree: Tree, [name = '', ...further]: readonly string[], value: Json): void {
  if (further.length === 0) {
    tree.set(name, value);
    return;
  }
  const inner = tree.get(name);
  const branch: Tree = inner instanceof Map ? inner : new Map();
  tree.set(name, branch);
  place(branch, further, value);
}

function plain(tree: Tree): JsonObject {
  return Object.fromEntries([...tree].map(([name, value]) => [name, value instanceof Map ? plain(value) : value]));
}

/** Whether a field of an answer has this value; undefined where the answer does not show it. */
export function showsValue(body: unknown, field: string, expected: Json | undefined): boolean | undefined {
  const [value, ...others] = isJsonObject(body) ? argumentValues(body, field) : [];
  if (value === undefined || expected === undefined || others.length > 0) return undefined;
  return JSON.stringify(value) === JSON.stringify(expected);
}
