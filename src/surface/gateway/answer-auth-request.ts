import type { Interlock } from '../../gate/interlock.ts';
import type { ReportedRequest } from './find-request.ts';
import { isSameSecret } from './is-same-secret.ts';
import { ACTION_HEADER, type EnforcementPoint, passRequest, refusal, type Verdict } from './pass-request.ts';

/** What a subrequest is answered: a status that counts, and headers that its gateway may show. */
export interface AuthRequestAnswer {
  readonly status: 200 | 401 | 403;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Record<string, unknown>;
}

/** Headers that the gateway's own configuration sets, over whatever a client has sent. */
const SET_BY_GATEWAY = ['x-interlock-gateway-secret', 'x-original-uri', 'x-original-method', 'x-interlock-body'];

/**
 * Answers the subrequest that nginx makes for a request (`auth_request`): 200 lets it through, 401 and 403 do not. A
 * subrequest has no body; that the gateway sends none on either is what `X-Interlock-Body: none` says.
 */
export async function answerAuthRequest(
  interlock: Interlock,
  point: EnforcementPoint | undefined,
  headers: Readonly<Record<string, string>>,
): Promise<AuthRequestAnswer> {
  if (point === undefined || !isSameSecret(headers['x-interlock-gateway-secret'], point.secret))
    return answerOf(refusal('GATEWAY_UNKNOWN'));
  return answerOf(await passRequest(interlock, point, reported(headers)));
}

function reported(headers: Readonly<Record<string, string>>): ReportedRequest {
  const own = Object.entries(headers).filter(([name]) => !SET_BY_GATEWAY.includes(name));
  const announced = headers['x-original-content-length'];
  const isDropped = headers['x-interlock-body'] === 'none' && (announced === undefined || announced === '0');
  return {
    method: headers['x-original-method'] ?? '',
    target: headers['x-original-uri'] ?? '',
    headers: Object.fromEntries(own),
    body: isDropped ? 'none' : 'unseen',
  };
}

function answerOf(verdict: Verdict): AuthRequestAnswer {
  if (verdict.allowed)
    return {
      status: 200,
      headers: { [ACTION_HEADER]: verdict.action, 'x-interlock-workflow': verdict.workflow },
      body: { action: verdict.action, workflow: verdict.workflow },
    };
  const { status, code, hint, action, approvals, reasons } = verdict;
  return {
    status,
    headers: {
      'x-interlock-code': code,
      ...(action === undefined ? {} : { [ACTION_HEADER]: action }),
      ...(approvals === undefined ? {} : { 'x-interlock-approval': approvals.join(',') }),
    },
    body: { code, hint, action, approvals, reasons },
  };
}
