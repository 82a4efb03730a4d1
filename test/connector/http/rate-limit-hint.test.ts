import { describe, expect, it } from 'vitest';
import { type RateLimitDialect, retryAfterFrom } from '../../../src/connector/http/rate-limit-hint.ts';
import type { Clock } from '../../../src/lib/clock.ts';

const NOW = Date.UTC(2026, 0, 1, 12, 0, 0);
const clock: Clock = { now: () => NOW, after: () => () => undefined };
const epoch: RateLimitDialect = { kind: 'epoch', header: 'X-Rate-Limit-Reset' };
const duration: RateLimitDialect = { kind: 'duration', header: 'x-ratelimit-reset-requests' };

const seconds: RateLimitDialect = { kind: 'seconds', header: 'X-RateLimit-RetryAfter' };

describe('retryAfterFrom', () => {
  it.each<[string, Record<string, string>, RateLimitDialect | undefined, number | undefined]>([
    ['seconds', { 'retry-after': '12' }, undefined, 12_000],
    ['parts of seconds', { 'retry-after': '0.25' }, undefined, 250],
    ['a date', { 'retry-after': 'Thu, 01 Jan 2026 12:00:30 GMT' }, undefined, 30_000],
    ['a date in the past', { 'retry-after': 'Thu, 01 Jan 2026 11:00:00 GMT' }, undefined, 0],
    ['no header', {}, undefined, undefined],
    ['an empty header', { 'retry-after': '' }, undefined, undefined],
    ['nonsense', { 'retry-after': 'soon' }, undefined, undefined],
    ['a negative number', { 'retry-after': '-5' }, undefined, undefined],
    ['an epoch', { 'x-rate-limit-reset': String(NOW / 1_000 + 7) }, epoch, 7_000],
    ['an epoch in the past', { 'x-rate-limit-reset': String(NOW / 1_000 - 7) }, epoch, 0],
    ['an epoch where the dialect wants another header', { 'retry-after': '7' }, epoch, undefined],
    ['a duration of seconds', { 'x-ratelimit-reset-requests': '8.64s' }, duration, 8_640],
    ['a duration of milliseconds', { 'x-ratelimit-reset-requests': '1ms' }, duration, 1],
    ['a compound duration', { 'x-ratelimit-reset-requests': '1m30s' }, duration, 90_000],
    ['seconds in a header of the vendor', { 'x-ratelimit-retryafter': '7' }, seconds, 7_000],
    ['no hint where there is a default', {}, { kind: 'retry-after', defaultMs: 1_000 }, 1_000],
    ['a broken hint where there is a default', { 'retry-after': 'soon' }, { kind: 'retry-after', defaultMs: 5 }, 5],
    ['a hint before the default', { 'retry-after': '2' }, { kind: 'retry-after', defaultMs: 1 }, 2_000],
    ['a duration without a unit', { 'x-ratelimit-reset-requests': '90' }, duration, undefined],
  ])('reads %s', (_, headers, dialect, expected) => {
    expect(retryAfterFrom(headers, clock, dialect)).toBe(expected);
  });
});
