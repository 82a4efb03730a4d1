import { z } from 'zod';
import type { Failure, FailureClass } from '../../src/connector/contract.ts';
import type { HttpCall, HttpReply } from '../../src/connector/http/http-client.ts';

/** REST refuses with a list of these [doc, rec]; some actions call the code `statusCode`. */
const vendorError = z
  .object({ message: z.string(), errorCode: z.string().optional(), statusCode: z.string().optional() })
  .transform(({ message, errorCode, statusCode }) => ({ message, code: errorCode ?? statusCode ?? '' }));

const LONGEST_DETAIL = 800;

/** Codes that mean something else than their status does. */
const BY_CODE: ReadonlyMap<string, FailureClass> = new Map([
  ['REQUEST_LIMIT_EXCEEDED', 'rate-limited'], // 403: the day's quota; no hint when it ends [doc, rec]
  ['INVALID_SESSION_ID', 'credential'],
  ['INVALID_AUTH_HEADER', 'credential'],
  ['SERVER_UNAVAILABLE', 'ambiguous'],
  ['UNKNOWN_EXCEPTION', 'ambiguous'],
]);

/** How Salesforce says no, inside a 200 too. Total: a status nobody foresaw counts as one after which anything may have happened. */
export function failureOf(reply: HttpReply, { path }: Pick<HttpCall, 'path'>): Failure | undefined {
  if (path.startsWith('/services/Soap/')) return soapFailureOf(reply);
  const { status, headers } = reply;
  if (status >= 200 && status < 300) return refusalInside(reply);
  const [first] = errorsIn(reply.body);
  const usage = headers['sforce-limit-info'];
  const words = status === 410 ? 'The version of the API is retired' : `Salesforce answered ${status}`;
  const detail = first === undefined ? `${words}.` : `${words}: ${first.code}: ${first.message}`;
  const classified = BY_CODE.get(first?.code ?? '') ?? classOf(status);
  const shown = classified === 'rate-limited' && usage !== undefined ? `${detail} (${usage})` : detail;
  return { class: classified, detail: shown.slice(0, LONGEST_DETAIL) };
}

function classOf(status: number): FailureClass {
  if (status === 401) return 'credential';
  if (status === 408) return 'ambiguous';
  // The guide has no 429, and no reply with it says that anything was done.
  if (status === 429) return 'rate-limited';
  return status >= 300 && status < 500 ? 'refused' : 'ambiguous';
}

function errorsIn(body: unknown): readonly z.output<typeof vendorError>[] {
  const list = Array.isArray(body) ? body : [body];
  return list.flatMap((each) => {
    const parsed = vendorError.safeParse(each);
    return parsed.success ? [parsed.data] : [];
  });
}

/** One result of a call that answers 200 whatever became of its parts. */
const partResult = z.object({
  success: z.boolean().optional(),
  isSuccess: z.boolean().optional(),
  errors: z.array(z.unknown()).nullish(),
});

/** A list of results none of which succeeded; and code that did not compile, so that nothing of it ran. */
function refusalInside({ body }: HttpReply): Failure | undefined {
  const compiled = z.object({ compiled: z.literal(false), compileProblem: z.string().nullish() }).safeParse(body);
  if (compiled.success)
    return { class: 'refused', detail: `It does not compile: ${compiled.data.compileProblem ?? ''}`.slice(0, 800) };
  const results = z.array(partResult).min(1).safeParse(body);
  if (!results.success) return undefined;
  if (!results.data.every(({ success, isSuccess }) => (success ?? isSuccess) === false)) return undefined;
  const [first] = results.data.flatMap(({ errors }) => errorsIn(errors ?? []));
  const detail = first === undefined ? 'Salesforce refused it without a reason.' : `${first.code}: ${first.message}`;
  return { class: 'refused', detail: detail.slice(0, LONGEST_DETAIL) };
}

/** [spec] Faults come with status 500 and a code; single results carry `success` inside a 200. */
function soapFailureOf({ status, body }: HttpReply): Failure | undefined {
  const text = typeof body === 'string' ? body : '';
  if (status >= 200 && status < 300) {
    if (!text.includes('<success>false</success>') || text.includes('<success>true</success>')) return undefined;
    return { class: 'refused', detail: `${between(text, 'statusCode')}: ${between(text, 'message')}` };
  }
  const code = between(text, 'faultcode').replace(/^\w+:/, '');
  const detail = `Salesforce answered ${status}: ${code}: ${between(text, 'faultstring')}`.slice(0, LONGEST_DETAIL);
  const known = BY_CODE.get(code);
  if (known !== undefined) return { class: known, detail };
  // A fault with a code of the API was found before anything was done.
  const refused = status === 500 ? /^[A-Z][A-Z_]{2,80}$/.test(code) : status < 500 && status !== 408;
  return { class: status === 401 ? 'credential' : refused ? 'refused' : 'ambiguous', detail };
}

/** The text of the first element of this name; words for people only. */
function between(xml: string, element: string): string {
  const start = xml.indexOf(`<${element}>`);
  const end = xml.indexOf(`</${element}>`, start);
  return start < 0 || end < 0 ? '' : xml.slice(start + element.length + 2, end).slice(0, 300);
}
