import { operationName } from '../../src/action/names.ts';
import type { RequestShape } from '../../src/action/request-shape.ts';
import type { ResourceType } from '../../src/action/resource.ts';
import type { AnyOperation, RefusedOperation } from '../../src/connector/contract.ts';
import { allLabels, refusedOperation } from '../../src/connector/intake/governed-operation.ts';
import type { ManifestEntry } from '../../src/connector/intake/manifest-entry.ts';
import { sha256 } from '../../src/lib/digest.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import type { ApiManifest } from './api-manifest.ts';
import { apiAnswer, apiOperation, OPERATION_RESOURCE } from './api-operation.ts';
import { type DescribedOperation, type DescribedOperations, pinOf } from './described-operation.ts';
import { type FurtherCalls, furtherCalls } from './further-call.ts';
import { requestShapeOf } from './request-shape-of.ts';

/** The operations of one API: those that are accepted, and the names of those that are not. */
export interface GovernedApi {
  readonly operations: readonly AnyOperation[];
  readonly refused: readonly RefusedOperation[];
  readonly requests: readonly RequestShape[];
  readonly resourceTypes: readonly ResourceType[];
  readonly labels: readonly string[];
}

interface Parts {
  readonly system: string;
  readonly described: DescribedOperations;
  readonly manifest: ApiManifest;
  readonly prefix: string;
}

type Refusal = Omit<RefusedOperation, 'operation'>;

/** Throws CONNECTOR_INVALID where two operations have one name. */
export function governApi({ system, described, manifest, prefix }: Parts): GovernedApi {
  const operations: AnyOperation[] = [];
  const refused: RefusedOperation[] = [];
  const requests: RequestShape[] = [];
  const names = operationNames(system, described, manifest);
  for (const [key, name] of names) {
    const entry = ownEntry(manifest, key);
    const found = described.get(key);
    const further = entry === undefined ? NOTHING_FURTHER : furtherCalls(described, entry);
    const nameOf = (other: string): string => names.get(other) ?? other;
    const made = madeOf({ key, name, prefix, described: found, further, nameOf }, entry);
    if ('code' in made) refused.push({ operation: name, code: made.code, detail: made.detail });
    operations.push('code' in made ? refusedOperation(name, { type: OPERATION_RESOURCE, id: key }, apiAnswer) : made);
    if (found !== undefined && !(found instanceof InterlockError)) requests.push(requestShapeOf(name, found));
  }
  const types = operations.flatMap(({ resourceTypes }) => resourceTypes as readonly ResourceType[]);
  return {
    operations,
    refused,
    requests,
    resourceTypes: [...new Set<ResourceType>([OPERATION_RESOURCE, ...types])],
    labels: [...new Set(Object.values(manifest.operations).flatMap(allLabels))],
  };
}

interface Found {
  readonly key: string;
  readonly name: string;
  readonly prefix: string;
  readonly described: DescribedOperation | InterlockError | undefined;
  readonly further: FurtherCalls;
  readonly nameOf: (key: string) => string;
}

const NOTHING_FURTHER: FurtherCalls = { undo: undefined, readBack: undefined };

function madeOf({ described, ...found }: Found, entry: ManifestEntry | undefined): AnyOperation | Refusal {
  const refusal = refusalOf(described, entry);
  if (refusal !== undefined || described === undefined || described instanceof InterlockError)
    return refusal ?? UNCLASSIFIED;
  if (entry?.effect === undefined) return UNCLASSIFIED;
  try {
    return apiOperation({ ...found, described }, { ...entry, effect: entry.effect });
  } catch (thrown) {
    if (thrown instanceof InterlockError && thrown.code === 'RESPONSE_UNEXPECTED')
      return { ...UNCLASSIFIED, detail: thrown.message };
    throw thrown;
  }
}

const UNCLASSIFIED: Refusal = { code: 'OPERATION_UNCLASSIFIED', detail: 'the manifest gives this operation no effect' };

/** Why an operation is refused as it is described now; undefined: its accepted definition is in force. */
function refusalOf(
  described: DescribedOperation | InterlockError | undefined,
  entry: ManifestEntry | undefined,
): Refusal | undefined {
  if (described instanceof InterlockError)
    return { code: 'OPERATION_UNCLASSIFIED', detail: `it cannot be used: ${described.message}` };
  if (entry?.effect === undefined) return UNCLASSIFIED;
  if (entry.pin === undefined)
    return { code: 'OPERATION_UNCLASSIFIED', detail: 'no definition of this operation was accepted yet' };
  if (described === undefined) return { code: 'OPERATION_CHANGED', detail: 'the API no longer describes it' };
  const pin = pinOf(described);
  return pin === entry.pin
    ? undefined
    : { code: 'OPERATION_CHANGED', detail: `accepted was ${entry.pin}, described is ${pin}` };
}

/** The name of each operation, of those in the manifest that are gone, too. Throws CONNECTOR_INVALID. */
function operationNames(
  system: string,
  described: DescribedOperations,
  manifest: ApiManifest,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const owners = new Map<string, string>();
  const defaultName = defaultNames(system, described);
  for (const key of new Set([...described.keys(), ...Object.keys(manifest.operations)])) {
    const name = `${system}.${ownEntry(manifest, key)?.operation ?? defaultName(key)}`;
    if (!operationName.safeParse(name).success)
      throw new InterlockError(
        'CONNECTOR_INVALID',
        `"${name}" is not a name for an operation, or longer than 64 characters`,
      );
    const owner = owners.get(name);
    if (owner !== undefined)
      throw new InterlockError(
        'CONNECTOR_INVALID',
        `${owner} and ${key} would both be ${name}; name one in the manifest`,
      );
    owners.set(name, key);
    names.set(key, name);
  }
  return names;
}

const NAME_CHARACTERS = 64;
const MARK_CHARACTERS = 8;

/** The operationId, or method and path, in kebab case; with a digest where that is too long or two have the same. */
function defaultNames(system: string, described: DescribedOperations): (key: string) => string {
  const room = NAME_CHARACTERS - `${system}.api.`.length;
  const plain = (key: string): string => {
    const found = described.get(key);
    const words = kebabCase((found instanceof InterlockError ? undefined : found?.operationId) ?? key);
    return /^[a-z]/.test(words) ? words : `op-${words}`;
  };
  const counts = new Map<string, number>();
  for (const key of described.keys()) counts.set(plain(key), (counts.get(plain(key)) ?? 0) + 1);
  return (key) => {
    const words = plain(key);
    if (words.length <= room && (counts.get(words) ?? 0) <= 1) return `api.${words}`;
    const mark = sha256(key).replace('sha256:', '').slice(0, MARK_CHARACTERS);
    return `api.${words.slice(0, room - MARK_CHARACTERS - 1).replace(/-+$/, '')}-${mark}`;
  };
}

function kebabCase(text: string): string {
  return text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .toLowerCase();
}

function ownEntry(manifest: ApiManifest, key: string): ManifestEntry | undefined {
  return Object.hasOwn(manifest.operations, key) ? manifest.operations[key] : undefined;
}
