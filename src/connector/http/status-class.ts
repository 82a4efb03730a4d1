import type { FailureClass } from '../contract.ts';

/**
 * What a status means where the vendor says nothing else; undefined for a success. Total: what nobody foresaw counts
 * as one after which anything may have happened.
 */
export function statusClass(status: number): FailureClass | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status === 401) return 'credential';
  if (status === 429) return 'rate-limited';
  if (status === 408) return 'ambiguous';
  return status >= 300 && status < 500 ? 'refused' : 'ambiguous';
}

/** Several systems answer 404 for what the credential may not see, so a 404 is never told as "there is none". */
export function absentDetail(what: string): string {
  return `${what} does not exist, or this credential may not see it.`;
}
