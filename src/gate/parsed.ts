import type { z } from 'zod';
import { InterlockError } from '../lib/errors.ts';

/** Throws INVALID_CALL naming the places. */
export function parsed<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues
    .slice(0, 20)
    .map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  throw new InterlockError(
    'INVALID_CALL',
    problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; '),
    { data: { problems } },
  );
}
