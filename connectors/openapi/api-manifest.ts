import { z } from 'zod';
import { argumentPath } from '../../src/connector/intake/argument-values.ts';
import { manifestEntry } from '../../src/connector/intake/manifest-entry.ts';

const operationKey = z.string().regex(/^(?:GET|POST|PUT|PATCH|DELETE) \//, 'an operation is METHOD /path');

/** A value of the call or of its answer: `input.body.title`, `result.body.id`. */
const source = argumentPath.refine((path) => /^(?:input|result)\./.test(path), 'a source begins with input or result');

/** Arguments of another operation and where their values come from. Path variables of the same name need no word. */
const further = z.record(argumentPath, source).default({});

const readBack = z.strictObject({
  /** What is asked; a GET. */
  operation: operationKey.startsWith('GET '),
  input: further,
  /** What its answer must show for the call to have taken effect. */
  shows: z.union([
    z.strictObject({ gone: z.literal(true) }),
    z.strictObject({ found: z.literal(true) }),
    z.strictObject({ field: argumentPath, equals: z.union([z.string(), z.number(), z.boolean()]) }),
    z.strictObject({ field: argumentPath, from: source }),
  ]),
});

const undo = z.strictObject({ operation: operationKey, input: further });

const apiEntry = manifestEntry.extend({
  /** How an unknown outcome is settled; left out, it stays unknown. */
  readBack: readBack.optional(),
  /** The operation that takes this one back. */
  undo: undo.optional(),
});

/** What somebody has accepted of an API, by `METHOD /path` as its description writes it. */
export const apiManifest = z.strictObject({
  /** Without a name of its own an operation is `api.<its operationId, or method and path>`. */
  operations: z.record(operationKey, apiEntry),
});

export type ApiManifest = z.output<typeof apiManifest>;
export type ApiEntry = z.output<typeof apiEntry>;
export type ReadBack = z.output<typeof readBack>;
export type NamedInput = z.output<typeof further>;
