import { z } from 'zod';
import type { Failure, FailureClass } from '../../src/connector/contract.ts';
import type { HttpReply } from '../../src/connector/http/http-client.ts';
import { retryAfterFrom } from '../../src/connector/http/rate-limit-hint.ts';
import { statusClass } from '../../src/connector/http/status-class.ts';
import type { Clock } from '../../src/lib/clock.ts';

/** [sdk] `{ error_code, message, details }`. */
export const databricksError = z.object({ error_code: z.string().default(''), message: z.string().default('') });

const DETAIL_CHARACTERS = 500;

/** Codes that mean something else than their status [sdk: errors/platform.py]. */
const BY_CODE: ReadonlyMap<string, FailureClass> = new Map([
  ['RESOURCE_EXHAUSTED', 'rate-limited'],
  ['REQUEST_LIMIT_EXCEEDED', 'rate-limited'],
  ['TEMPORARILY_UNAVAILABLE', 'unavailable'],
  ['UNAUTHENTICATED', 'credential'],
]);

/** Without a hint the vendor's own client waits a second [sdk]. */
const HINT = { kind: 'retry-after', defaultMs: 1_000 } as const;

/** How Databricks says no: total, so that a status nobody foresaw counts as one after which anything may have happened. */
export function databricksFailureOf(clock: Clock): (reply: HttpReply) => Failure | undefined {
  return ({ status, headers, body }) => {
    const byStatus = statusClass(status);
    if (byStatus === undefined) return undefined;
    const { error_code: code, message } = databricksError.catch({ error_code: '', message: '' }).parse(body);
    const failure = BY_CODE.get(code) ?? byStatus;
    const said = [code, message].filter((text) => text !== '').join(': ');
    const detail = (said === '' ? `Databricks answered ${status}.` : said).slice(0, DETAIL_CHARACTERS);
    if (failure !== 'rate-limited' && failure !== 'unavailable') return { class: failure, detail };
    return { class: failure, detail, retryAfterMs: retryAfterFrom(headers, clock, HINT) };
  };
}
