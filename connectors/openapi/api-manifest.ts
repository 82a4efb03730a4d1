import { z } from 'zod';
import { manifestEntry } from '../../src/connector/intake/manifest-entry.ts';

/** What somebody has accepted of an API, by `METHOD /path` as its description writes it. */
export const apiManifest = z.strictObject({
  /** Without a name of its own an operation is `api.<its operationId, or method and path>`. */
  operations: z.record(
    z.string().regex(/^(?:GET|POST|PUT|PATCH|DELETE) \//, 'an operation is METHOD /path'),
    manifestEntry,
  ),
});

export type ApiManifest = z.output<typeof apiManifest>;
