import { asInterlockError, ERRORS } from '../lib/errors.ts';
import type { Diagnosis } from '../surface/cli/cli-context.ts';

/** What `look` says of the check where it finds nothing wrong, else what it threw. */
export async function examine(check: string, look: () => Promise<string>): Promise<Diagnosis> {
  try {
    return { check, ok: true, detail: await look() };
  } catch (thrown) {
    return failure(check, thrown);
  }
}

export function failure(check: string, thrown: unknown): Diagnosis {
  const { code, message, cause } = asInterlockError(thrown);
  const why = code === 'INTERNAL' && cause instanceof Error ? cause.message : message;
  return { check, ok: false, detail: `${code}: ${why}`, remedy: ERRORS[code].hint };
}
