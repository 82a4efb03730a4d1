import type { SimulatorResponse, SimulatorWorld } from '../../../src/connector/simulator/create-simulator.ts';
import { refuse } from './replies.ts';

const WINDOW_MS = 60_000;

export interface RateLimit {
  /** Counts one call; answers the refusal once the window is used up. */
  count(world: SimulatorWorld): SimulatorResponse | undefined;
  /** The three headers that Okta sends with every reply [doc]. */
  headers(world: SimulatorWorld): Readonly<Record<string, string>>;
}

/** `limit` calls a minute, with the reset as seconds since 1970 and without a Retry-After [doc]. */
export function createRateLimit(limit: number): RateLimit {
  let endsAt = 0;
  let used = 0;
  const headers = () => ({
    'x-rate-limit-limit': String(limit),
    'x-rate-limit-remaining': String(Math.max(0, limit - used)),
    'x-rate-limit-reset': String(Math.ceil(endsAt / 1_000)),
  });
  return {
    count({ clock }) {
      if (clock.now() >= endsAt) {
        endsAt = clock.now() + WINDOW_MS;
        used = 0;
      }
      used++;
      return used > limit ? { ...refuse('E0000047'), headers: headers() } : undefined;
    },
    headers,
  };
}
