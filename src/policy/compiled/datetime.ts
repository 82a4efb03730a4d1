import { CedarDatetime, CedarDuration, type PolicyValue } from '../../action/policy-port.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './duration.ts';
import { EvaluationError } from './evaluation-error.ts';
import { addLongs, remainderOf, subtractLongs } from './int64.ts';

const FORM =
  /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{3}))?(?:Z|(?<sign>[+-])(?<hours>\d{2})(?<minutes>\d{2})))?$/;

/**
 * `datetime("2026-01-31")`, `…T10:30:00Z`, `…T10:30:00.250+0130`
 * (https://docs.cedarpolicy.com/policies/syntax-datatypes.html#datatype-datetime). Throws EvaluationError.
 */
export function parseDatetime(text: string): CedarDatetime {
  const match = FORM.exec(text);
  const epochMs = match === null ? undefined : epochMsOf(match);
  if (epochMs === undefined) throw new EvaluationError(`${JSON.stringify(text)} is not a datetime`);
  return new CedarDatetime(epochMs);
}

function epochMsOf(match: RegExpExecArray): number | undefined {
  const numbers = match.slice(1, 8).map((part) => Number(part ?? 0));
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, ms = 0] = numbers;
  const { sign, hours = '0', minutes = '0' } = match.groups ?? {};
  if (hour >= 24 || minute >= 60 || second >= 60 || Number(hours) >= 24 || Number(minutes) >= 60) return undefined;
  // Other than Date.UTC it takes the years before 100 as they are.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  // A day that the month does not have is a day of another month.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const ahead = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS;
  const offset = sign === '-' ? -ahead : ahead;
  return date.getTime() + hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS + ms - offset;
}

/** Throws EvaluationError past 64 bits. */
export function offset(value: CedarDatetime, by: CedarDuration): CedarDatetime {
  return new CedarDatetime(addLongs(value.epochMs, by.ms));
}

/** Throws EvaluationError past 64 bits. */
export function durationSince(value: CedarDatetime, other: CedarDatetime): CedarDuration {
  return new CedarDuration(subtractLongs(value.epochMs, other.epochMs));
}

/** The start of the day, in UTC. Throws EvaluationError past 64 bits. */
export function toDate(value: CedarDatetime): CedarDatetime {
  return new CedarDatetime(subtractLongs(value.epochMs, remainderOf(value.epochMs, DAY_MS)));
}

/** Since the start of the day, in UTC. */
export function toTime(value: CedarDatetime): CedarDuration {
  return new CedarDuration(remainderOf(value.epochMs, DAY_MS));
}

export function asDatetime(value: PolicyValue): CedarDatetime {
  if (value instanceof CedarDatetime) return value;
  throw new EvaluationError('type error: expected a datetime');
}
