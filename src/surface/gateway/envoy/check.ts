import type { Interlock } from '../../../gate/interlock.ts';
import type { ReportedRequest } from '../find-request.ts';
import { isSameSecret } from '../is-same-secret.ts';
import { ACTION_HEADER, type EnforcementPoint, passRequest, refusal, type Verdict } from '../pass-request.ts';

/** What Envoy asks, as the loader reads it: everything that was not sent has its default. */
export interface CheckRequest {
  readonly attributes: { readonly request: { readonly http: AskedRequest | null } | null } | null;
}

interface AskedRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly path: string;
  readonly body: string;
  readonly raw_body: Buffer;
}

interface Header {
  readonly header: { readonly key: string; readonly value: string };
  /** False: it replaces what the client has sent. */
  readonly append: { readonly value: false };
}

export interface CheckResponse {
  readonly status: { readonly code: number; readonly message: string };
  readonly ok_response?: { readonly headers: readonly Header[]; readonly headers_to_remove: readonly string[] };
  readonly denied_response?: {
    readonly status: { readonly code: 401 | 403 };
    readonly headers: readonly Header[];
    readonly body: string;
  };
}

/** What its configuration has Envoy say beside every question, and no client can. */
export interface GatewayWords {
  readonly secret: string | undefined;
  /** `shown`: `with_request_body` is set, so what is not in the question is not in the request. */
  readonly body: string | undefined;
}

/** google.rpc.Code */
const OK = 0;
const PERMISSION_DENIED = 7;
const UNAUTHENTICATED = 16;

/** Answers one question of Envoy's filter. A refusal is an answer, never an error of the call: an error may be let through. */
export async function check(
  interlock: Interlock,
  point: EnforcementPoint,
  { asked, words }: { readonly asked: CheckRequest; readonly words: GatewayWords },
): Promise<CheckResponse> {
  if (!isSameSecret(words.secret, point.secret)) return responseOf(refusal('GATEWAY_UNKNOWN'), point);
  return responseOf(await passRequest(interlock, point, reported(asked, words)), point);
}

function reported({ attributes }: CheckRequest, words: GatewayWords): ReportedRequest {
  const http = attributes?.request?.http;
  const headers = Object.entries(http?.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    method: http?.method ?? '',
    // What is told in two ways is no one request; a target that is none is refused.
    target: http !== null && http !== undefined && isTold(http, headers) ? http.path : '',
    headers: Object.fromEntries(headers),
    body: bodyOf(http, words),
  };
}

/** Each header once, and the pseudo headers (RFC 9113 §8.3.1), where they are among them, as the request itself. */
function isTold({ method, path }: AskedRequest, headers: readonly (readonly [string, string])[]): boolean {
  const told = new Map(headers);
  return (
    told.size === headers.length &&
    (told.get(':path') ?? path) === path &&
    (told.get(':method') ?? method).toLowerCase() === method.toLowerCase()
  );
}

/** A request that ended with its headers has no body and no word on it; any other one is shown, whole or in part. */
function bodyOf(http: AskedRequest | null | undefined, words: GatewayWords): ReportedRequest['body'] {
  if (http === null || http === undefined || words.body !== 'shown') return 'unseen';
  const bytes = http.raw_body.length > 0 ? http.raw_body : Buffer.from(http.body);
  const partial = http.headers['x-envoy-auth-partial-body'];
  const announced = http.headers['content-length'] ?? '0';
  if (bytes.length === 0) {
    const isEmpty = announced === '0' && http.headers['transfer-encoding'] === undefined && partial !== 'true';
    return isEmpty ? 'none' : 'unseen';
  }
  const isWhole = partial === 'false' && (announced === '0' || announced === String(bytes.length));
  return isWhole ? textOf(bytes) : 'unseen';
}

function textOf(bytes: Buffer): ReportedRequest['body'] {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return 'unseen';
  }
}

function responseOf(verdict: Verdict, { sessionHeader }: EnforcementPoint): CheckResponse {
  if (verdict.allowed)
    return {
      status: { code: OK, message: '' },
      ok_response: {
        headers: [headerOf(ACTION_HEADER, verdict.action), headerOf('x-interlock-workflow', verdict.workflow)],
        headers_to_remove: [sessionHeader],
      },
    };
  const { status, code, hint, action, approvals, reasons } = verdict;
  return {
    status: { code: status === 401 ? UNAUTHENTICATED : PERMISSION_DENIED, message: code },
    denied_response: {
      status: { code: status },
      headers: [
        headerOf('content-type', 'application/json'),
        headerOf('x-interlock-code', code),
        ...(action === undefined ? [] : [headerOf(ACTION_HEADER, action)]),
        ...(approvals === undefined ? [] : [headerOf('x-interlock-approval', approvals.join(','))]),
      ],
      body: JSON.stringify({ code, hint, action, approvals, reasons }),
    },
  };
}

function headerOf(key: string, value: string): Header {
  return { header: { key, value }, append: { value: false } };
}
