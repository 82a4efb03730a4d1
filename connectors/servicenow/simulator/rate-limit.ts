import type { SimulatorResponse } from '../../../src/connector/simulator/create-simulator.ts';
import type { Tables } from './tables.ts';
import { vendorError } from './vendor-error.ts';

const HOUR_MS = 3_600_000;

/**
 * Requests per hour, as rows of `sys_rate_limit_rules` say it: whoever inserts one limits everybody from then on.
 * [doc: inbound-REST-API-rate-limiting.md]; the column's name is this simulator's own.
 */
export class RateLimit {
  #windowStart = 0;
  #used = 0;

  /** Headers for every answer under a rule, and the refusal once the rule is used up. */
  count(
    tables: Tables,
    now: number,
  ): { readonly headers: Readonly<Record<string, string>>; readonly refusal?: SimulatorResponse } {
    const rule = tables.find('sys_rate_limit_rules', { active: 'true' });
    if (rule === undefined) return { headers: {} };
    const windowStart = now - (now % HOUR_MS);
    if (windowStart !== this.#windowStart) this.#used = 0;
    this.#windowStart = windowStart;
    this.#used += 1;
    const limit = Number(rule['request_limit_per_hour']);
    const headers = rateLimitHeaders({ now, limit, rule: rule['sys_id'] ?? '' });
    return this.#used <= limit ? { headers } : { headers, refusal: tooMany(headers, { now, limit }) };
  }
}

function rateLimitHeaders({
  now,
  limit,
  rule,
}: {
  readonly now: number;
  readonly limit: number;
  readonly rule: string;
}): Readonly<Record<string, string>> {
  const resetAt = now - (now % HOUR_MS) + HOUR_MS;
  return { 'X-RateLimit-Limit': String(limit), 'X-RateLimit-Reset': String(resetAt / 1_000), 'X-RateLimit-Rule': rule };
}

/** The documented 429: `Retry-After` in seconds beside the rule's own headers. */
export function tooMany(
  headers: Readonly<Record<string, string>>,
  { now, limit }: { readonly now: number; readonly limit: number },
): SimulatorResponse {
  const seconds = Math.ceil((HOUR_MS - (now % HOUR_MS)) / 1_000);
  return vendorError(429, 'Rate limit exceeded', `Rate limit of ${limit} requests per hour for Table API exceeded`, {
    ...headers,
    'Retry-After': String(seconds),
  });
}
