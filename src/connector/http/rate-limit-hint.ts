import type { Clock } from '../../lib/clock.ts';

/**
 * How a system says when to come back; a connector's `failureOf` chooses. `retry-after`: seconds or an HTTP date
 * (RFC 9110 §10.2.3). `epoch`: a header with seconds since 1970. `seconds`: a header with seconds from now.
 * `duration`: a header like `8.64s`, `1m30s`, `1ms`. `defaultMs`: for a refusal without a hint that can be read.
 */
export type RateLimitDialect = (
  | { readonly kind: 'retry-after' }
  | { readonly kind: 'epoch' | 'seconds' | 'duration'; readonly header: string }
) & { readonly defaultMs?: number | undefined };

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;
const DURATION_PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g;

/** Milliseconds to wait, never negative; undefined where the headers (lower-case names) do not say. */
export function retryAfterFrom(
  headers: Readonly<Record<string, string>>,
  clock: Clock,
  dialect: RateLimitDialect = { kind: 'retry-after' },
): number | undefined {
  return hintIn(headers, clock, dialect) ?? dialect.defaultMs;
}

function hintIn(
  headers: Readonly<Record<string, string>>,
  clock: Clock,
  dialect: RateLimitDialect,
): number | undefined {
  const value = headers[dialect.kind === 'retry-after' ? 'retry-after' : dialect.header.toLowerCase()]?.trim();
  if (value === undefined || value === '') return undefined;
  switch (dialect.kind) {
    case 'retry-after':
      return secondsOf(value) ?? untilMs(dateOf(value), clock);
    case 'epoch':
      return untilMs(secondsOf(value), clock);
    case 'seconds':
      return secondsOf(value);
    case 'duration':
      return durationOf(value);
    default:
      return dialect satisfies never;
  }
}

function secondsOf(value: string): number | undefined {
  return /^\d+(?:\.\d+)?$/.test(value) ? Math.ceil(Number(value) * 1_000) : undefined;
}

/** All three forms of RFC 9110 §5.6.7 begin with the day of the week; Date.parse alone takes `-5` for a date. */
function dateOf(value: string): number | undefined {
  const at = /^[A-Z][a-z]{2,8},? /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

function untilMs(at: number | undefined, clock: Clock): number | undefined {
  return at === undefined ? undefined : Math.max(0, at - clock.now());
}

function durationOf(value: string): number | undefined {
  if (!DURATION.test(value)) return undefined;
  let totalMs = 0;
  for (const [, amount, unit] of value.matchAll(DURATION_PART)) totalMs += Number(amount) * (UNIT_MS[unit ?? ''] ?? 0);
  return Math.ceil(totalMs);
}
