import type { z } from 'zod';
import type { ExecutionContext, Probe, ProbeResult } from '../../src/connector/contract.ts';
import type { HttpCall, HttpResult } from '../../src/connector/http/http-client.ts';
import { resourcesOf } from './envelope.ts';

/** A read that settles what became of a write; some of Falcon's reads are POST. */
export function readBack(call: HttpCall, { http, signal }: ExecutionContext): Promise<HttpResult> {
  return http.send(call, { repeatable: true, reads: true, signal });
}

export const undetermined = (detail: string): ProbeResult => ({ status: 'undetermined', detail });

interface Settling<I, T extends z.ZodType> {
  readonly call: (input: I) => HttpCall;
  readonly item: T;
  /** What the items that were found show; undefined: they do not tell. */
  readonly judge: (items: readonly z.output<T>[], input: I) => 'applied' | 'not-applied' | undefined;
  readonly result: (items: readonly z.output<T>[], input: I) => unknown;
}

/** A read-back whose answer is a list. One that fails, or cannot be read, leaves the outcome open. */
export function settle<I, T extends z.ZodType>({ call, item, judge, result }: Settling<I, T>): Probe<I> {
  return async (input, context) => {
    const answer = await readBack(call(input), context);
    // A reader of another tenant is told "404" inside a success, which must not mean gone.
    if (!answer.ok) return undetermined(answer.detail);
    const items = readItems(() => resourcesOf(answer.reply, item));
    const judged = items === undefined ? undefined : judge(items, input);
    if (items === undefined || judged === undefined) return undetermined('The reply does not tell.');
    return judged === 'applied' ? { status: 'applied', result: result(items, input) } : { status: 'not-applied' };
  };
}

function readItems<T>(read: () => readonly T[]): readonly T[] | undefined {
  try {
    return read();
  } catch {
    // Whatever is wrong with it, it is no list of these items.
    return undefined;
  }
}

/** For what was removed: gone means applied. */
export const gone = (items: readonly unknown[]) => (items.length === 0 ? 'applied' : 'not-applied');

/** All, none, or some: some does not tell. */
export function allOrNone(flags: readonly boolean[], expected: number): 'applied' | 'not-applied' | undefined {
  if (flags.length !== expected) return undefined;
  if (flags.every(Boolean)) return 'applied';
  return flags.some(Boolean) ? undefined : 'not-applied';
}
