import { z } from 'zod';
import type { Execute, Probe, Repeat } from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { absenceProbe } from './read-back.ts';

interface DeleteOnce<I> {
  readonly output: z.ZodObject<{ readonly [name: string]: never }>;
  readonly repeat: Extract<Repeat, { readonly class: 'at-most-once' }>;
  readonly execute: Execute<I>;
  readonly probe: Probe<I>;
}

/**
 * A DELETE of what the path names. Sent again, it would answer 404 [spec], which looks like a refusal; so it is sent
 * once, and a lost answer is settled by looking whether the thing is still there.
 */
export function deleteOnce<I>(pathOf: (input: I) => string): DeleteOnce<I> {
  return {
    output: z.object({}),
    repeat: {
      class: 'at-most-once',
      evidence: {
        mark: 'spec',
        source: 'answers 204, and 404 for what is not there: a repetition looks like a refusal',
      },
    },
    execute: httpExecution<I>({
      request: (input) => ({ method: 'DELETE', path: pathOf(input) }),
      repeatable: false,
      result: () => ({}),
    }),
    probe: absenceProbe(pathOf),
  };
}
