import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

/** Workday's own descriptions lie beside the checkout, because their licence is not ours. */
const FOLDER = fileURLToPath(new URL('../../../../shared/specs/workday/', import.meta.url));

export interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly pattern?: string;
}

export interface DescribedCall {
  readonly queryNames: readonly string[];
  readonly body: Schema | undefined;
  /** Follows references and merges what is composed. */
  readonly resolve: (schema: Schema) => Schema;
}

/** `GET common/v1/workers/{id}` and what is described of it; undefined where the descriptions are not there. */
export function describedCalls(): ReadonlyMap<string, DescribedCall> | undefined {
  if (!existsSync(FOLDER)) return undefined;
  const calls = new Map<string, DescribedCall>(slicedCalls());
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.yml'))) {
    for (const [key, call] of callsOf(parse(readFileSync(FOLDER + file, 'utf8')))) calls.set(key, call);
  }
  return calls;
}

const slice = z.array(
  z.object({
    source: z.string(),
    method: z.string(),
    path: z.string(),
    params: z.array(z.string()),
    bodyProps: z.array(z.string()).default([]),
    bodyRequired: z.array(z.string()).default([]),
  }),
);

/** The calls with consequences, distilled by others from the descriptions; none where the descriptions are not there. */
export function consequentialCalls(): z.output<typeof slice> {
  return existsSync(FOLDER) ? slice.parse(JSON.parse(readFileSync(`${FOLDER}ops-slice.json`, 'utf8'))) : [];
}

/** The connect service, of which only the names of fields are there. */
function slicedCalls(): readonly (readonly [string, DescribedCall])[] {
  return consequentialCalls()
    .filter(({ source }) => source === 'workday/workday.connect.yml')
    .map(({ method, path, bodyProps, bodyRequired }) => [
      `${method} connect/v2${path}`,
      {
        queryNames: [],
        body: { properties: Object.fromEntries(bodyProps.map((name) => [name, {}])), required: bodyRequired },
        resolve: (schema) => schema,
      },
    ]);
}

interface Description {
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
}

interface DescribedOperation {
  readonly parameters?: readonly { readonly in?: string; readonly name?: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

function callsOf(description: Description): readonly (readonly [string, DescribedCall])[] {
  const { title, version } = description.info;
  const resolve = resolverOf(description);
  return Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => {
      const queryNames = parameters.filter((each) => each.in === 'query').map((each) => each.name ?? '');
      const body = Object.values(requestBody?.content ?? {})[0]?.schema;
      return [`${method.toUpperCase()} ${title}/${version}${path}`, { queryNames, body, resolve }] as const;
    }),
  );
}

function resolverOf(document: object): DescribedCall['resolve'] {
  const resolve = (schema: Schema): Schema => {
    if (schema.$ref !== undefined) return resolve(referred(document, schema.$ref));
    if (schema.allOf === undefined) return schema;
    const parts = schema.allOf.map(resolve);
    return {
      ...Object.assign({}, ...parts),
      properties: Object.assign({}, ...parts.map(({ properties }) => properties)),
      required: parts.flatMap(({ required = [] }) => required),
    };
  };
  return resolve;
}

function referred(document: object, ref: string): Schema {
  let at: unknown = document;
  for (const step of ref.replace('#/', '').split('/')) at = (at as Readonly<Record<string, unknown>>)[step];
  return at as Schema; // a document that refers to nothing fails the test that reads it
}
