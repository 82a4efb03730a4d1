import { type Evidence, fieldOfBody, type HttpCall, type ResourceRef, z } from '../../src/connector/index.ts';

/** What every call carries besides the credential: the version of the API, and in whose name something is changed. */
export interface Identity {
  /** The e-mail address of a user of the account: who appears in the timeline. */
  readonly from: string;
  /** Domains of the organisation's own addresses. */
  readonly domains: readonly string[];
}

const VERSION = { accept: 'application/vnd.pagerduty+json;version=2' };

export function read(path: string, query: HttpCall['query'] = {}): HttpCall {
  return { method: 'GET', path, query, headers: VERSION };
}

export function change(
  { from }: Identity,
  { method, path, body }: Pick<HttpCall, 'method' | 'path' | 'body'>,
): HttpCall {
  return { method, path, headers: { ...VERSION, from }, ...(body === undefined ? {} : { body }) };
}

export const doc = (source: string): Evidence => ({ mark: 'doc', source });
export const mem = (source: string): Evidence => ({ mark: 'mem', source });

export const PAGED = doc('developer-docs, Pagination: `limit` to 100, `offset`, `more`; beyond 10,000 a 400');
export const NOT_REPEATED = mem('nothing in the reference says that a second call is harmless');

/** `PT4KHLK`: ids are checked before they go into a path. */
export const id = z.string().regex(/^[A-Za-z0-9]{1,40}$/);
export const time = z.iso.datetime({ offset: true });

/** What a list is asked for: how many, and where an earlier answer said that it goes on. */
export const page = { limit: z.int().min(1).max(500).default(25), next: z.int().min(0).max(9_999).optional() };
export const PAGE_ITEMS = 100;

const name = z.string().nullish();
/** PagerDuty names a record that another one points to by id and summary. */
export const reference = z.object({ id: z.string(), summary: name });

type Noun = 'Incident' | 'Service' | 'Schedule' | 'User' | 'MaintenanceWindow' | 'EscalationPolicy';
export type PagerDutyType = `PagerDuty::${Noun}`;

export function one(noun: Noun, of: string): ResourceRef {
  return { type: `PagerDuty::${noun}`, id: of };
}

/** Several of one type; an empty list stands for all of them. */
export function some(noun: Noun, ids: readonly string[]): readonly [ResourceRef, ...ResourceRef[]] {
  const [first = '*', ...rest] = ids;
  return [one(noun, first), ...rest.map((other) => one(noun, other))];
}

export const pointer = (of: string, type: string) => ({ id: of, type: `${type}_reference` });

/** The line by which a read-back finds what an action wrote, and a reader finds the action. */
export const marked = (text: string, actionId: string) => `${text}\n\n[action ${actionId}]`;

/** Whether a page is not the last one. */
export const moreOf = fieldOfBody('more');
