import type { Call } from '../../action/action.ts';
import { plainId } from '../../action/names.ts';
import type { RequestShape } from '../../action/request-shape.ts';
import type { Answer } from '../../gate/answers.ts';
import type { AgentCaller, Interlock, Operator } from '../../gate/interlock.ts';
import { asInterlockError, ERRORS, type ErrorCode, InterlockError } from '../../lib/errors.ts';
import { isSameJson } from '../../lib/same-json.ts';
import { findRequest, type ReportedRequest } from './find-request.ts';

/** One configured place that asks before it lets requests through: a gateway in front of a system. */
export interface EnforcementPoint {
  readonly name: string;
  readonly shapes: readonly RequestShape[];
  /** Segments that stand before the paths of the system's description. */
  readonly pathPrefix: readonly string[];
  /** Lower-case name of the header that has the agent's session token. */
  readonly sessionHeader: string;
  /** By which the enforcement point shows who it is. */
  readonly secret: string;
}

/** What an enforcement point is told. Whatever is not `allowed` never reaches the system. */
export type Verdict = { readonly allowed: true; readonly action: string; readonly workflow: string } | Refusal;

export interface Refusal {
  readonly allowed: false;
  /** 401: nobody knows who asks. 403: it may not. */
  readonly status: 401 | 403;
  readonly code: ErrorCode;
  readonly hint: string;
  readonly action?: string | undefined;
  /** Of an action that waits for humans. */
  readonly approvals?: readonly string[] | undefined;
  readonly reasons?: Answer['reasons'] | undefined;
}

/** Header in which an agent names its action, so that it can repeat one that was held; else each request is a new one. */
export const ACTION_HEADER = 'x-interlock-action';

/** Decides one request, and spends its permit. Never throws: every error is a refusal. */
export async function passRequest(
  interlock: Interlock,
  point: EnforcementPoint,
  request: ReportedRequest,
): Promise<Verdict> {
  const id = request.headers[ACTION_HEADER];
  try {
    const caller = await interlock.authenticate(tokenOf(request.headers[point.sessionHeader]));
    if (caller.kind !== 'agent') throw new InterlockError('FORBIDDEN', 'this takes the token of an agent session');
    const call = findRequest(point, request);
    const answer = await interlock.decide(caller, { ...call, ...(id === undefined ? {} : { id }) });
    if (answer.state !== 'permitted') return refusalOf(answer);
    return await spend(interlock, { point, caller, call, answer });
  } catch (thrown) {
    const { code } = asInterlockError(thrown);
    // What is no id of an action is not repeated to anybody.
    return refusal(code, { action: plainId.safeParse(id).data });
  }
}

const NOBODY: ReadonlySet<ErrorCode> = new Set(['UNAUTHENTICATED', 'GATEWAY_UNKNOWN']);

export function refusal(code: ErrorCode, about: Pick<Refusal, 'action' | 'approvals' | 'reasons'> = {}): Refusal {
  return { allowed: false, status: NOBODY.has(code) ? 401 : 403, code, hint: ERRORS[code].hint, ...about };
}

/** RFC 6750 §2.1, or the bare token in a header of its own. */
function tokenOf(header: string | undefined): string {
  const token = /^(?:Bearer +)?([A-Za-z0-9\-._~+/]{1,8192}=*)$/i.exec(header ?? '')?.[1];
  if (token === undefined) throw new InterlockError('UNAUTHENTICATED');
  return token;
}

function refusalOf({ id, state, code, reasons, approval }: Answer): Refusal {
  const why = state === 'held' ? 'ACTION_HELD' : state === 'denied' ? (code ?? 'DENIED_BY_POLICY') : 'PERMIT_USED';
  return refusal(why, { action: id, approvals: approval?.ids, reasons });
}

interface Permitted {
  readonly point: EnforcementPoint;
  readonly caller: AgentCaller;
  readonly call: Pick<Call, 'operation' | 'input'>;
  readonly answer: Answer;
}

/**
 * A permit is good for one request. From here on nobody can take the request back, and a gateway does not tell what came of
 * it, so its outcome is recorded as unknown before it goes on; whoever knows more reports it later. Of two requests with one
 * permit the log lets one through.
 */
async function spend(interlock: Interlock, { point, caller, call, answer }: Permitted): Promise<Verdict> {
  const { id } = answer;
  const { tenant, workflow } = caller.principal;
  const gateway: Operator = {
    kind: 'operator',
    id: `gateway:${point.name}`,
    tenant,
    rights: new Set(['act']),
    groups: [],
  };
  // A gateway sends on what it has received, and returns what it gets.
  if (answer.obligations.length > 0 || !isSameJson(answer.input ?? {}, call.input)) {
    const detail = 'the gateway cannot change requests or answers, so nothing was sent';
    await interlock.settle(gateway, id, { status: 'failed', detail }, workflow);
    return refusal('OBLIGATION_IMPOSSIBLE', { action: id });
  }
  const detail = `${point.name} let the request through and does not say what came of it`;
  await interlock.settle(gateway, id, { status: 'unknown', detail }, workflow);
  return { allowed: true, action: id, workflow };
}
