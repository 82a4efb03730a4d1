import type { Clock } from '../../lib/clock.ts';
import type { SimulatorResponse } from './create-simulator.ts';

/** How a simulated system tells when to come back; the names of the headers are the vendor's. */
export type SimulatedHint =
  | { readonly kind: 'epoch' | 'seconds' | 'duration' | 'http-date'; readonly header: string }
  | { readonly kind: 'none' };

export interface SimulatedRateLimit {
  /** Counts one call; answers the refusal once the window is used up. */
  count(clock: Clock): SimulatorResponse | undefined;
}

/** `limit` calls a window; `refusal` is the vendor's status and body, also where that is a 403. */
export function createSimulatedRateLimit(options: {
  readonly limit: number;
  readonly windowMs: number;
  readonly hint: SimulatedHint;
  readonly refusal: SimulatorResponse;
}): SimulatedRateLimit {
  const { limit, windowMs, hint, refusal } = options;
  let endsAt = 0;
  let used = 0;
  return {
    count(clock) {
      const now = clock.now();
      if (now >= endsAt) {
        endsAt = now + windowMs;
        used = 0;
      }
      used += 1;
      if (used <= limit) return undefined;
      return { ...refusal, headers: { ...refusal.headers, ...hintHeaders(hint, { now, endsAt }) } };
    },
  };
}

function hintHeaders(
  hint: SimulatedHint,
  { now, endsAt }: { readonly now: number; readonly endsAt: number },
): Readonly<Record<string, string>> {
  switch (hint.kind) {
    case 'epoch':
      return { [hint.header]: String(Math.ceil(endsAt / 1_000)) };
    case 'seconds':
      return { [hint.header]: String(Math.ceil((endsAt - now) / 1_000)) };
    case 'duration':
      return { [hint.header]: `${endsAt - now}ms` };
    case 'http-date':
      return { [hint.header]: new Date(Math.ceil(endsAt / 1_000) * 1_000).toUTCString() };
    case 'none':
      return {};
    default:
      return hint satisfies never;
  }
}
