/** What the caller can do about it decides the status: 4xx change the call, 5xx try later or ask an operator. */
interface ErrorEntry {
  readonly status: number;
  readonly title: string;
  readonly hint: string;
  readonly retryable: boolean;
}

const entry = (status: number, title: string, hint: string, retryable = false): ErrorEntry => ({
  status,
  title,
  hint,
  retryable,
});

/** The one table of stable codes. Branch on the code, never on text; `docs/errors.md` is generated from it. */
export const ERRORS = {
  // The call itself
  MALFORMED_JSON: entry(
    400,
    'The body is not JSON.',
    'Send one JSON value, UTF-8, without comments or trailing commas.',
  ),
  DUPLICATE_KEY: entry(
    400,
    'A JSON object holds the same key twice.',
    'Send each key once: two readers could disagree on which one counts.',
  ),
  UNSAFE_NUMBER: entry(
    400,
    'A number cannot be represented exactly.',
    'Send integers within ±2^53-1 and finite numbers; send larger ones as strings.',
  ),
  FORBIDDEN_KEY: entry(
    400,
    'A JSON object holds a key with a meaning of its own.',
    'Remove keys such as __proto__, __entity, __extn and __expr.',
  ),
  TOO_DEEP: entry(400, 'The JSON is nested too deeply or has too many parts.', 'Flatten the value.'),
  TOO_LARGE: entry(413, 'The body is too large.', 'Send less than 1 MiB.'),
  UNSUPPORTED_MEDIA_TYPE: entry(415, 'The content type is not supported.', 'Send application/json in UTF-8.'),
  INVALID_CALL: entry(
    400,
    'The call does not have the expected shape.',
    'Compare it with /openapi.json; unknown fields are refused.',
  ),
  INVALID_INPUT: entry(
    400,
    "The input does not match the operation's schema.",
    'See `interlock connector list --json` for the schema of each operation.',
  ),
  UNKNOWN_OPERATION: entry(
    404,
    'No connector has this operation.',
    'List the operations with `interlock connector list`.',
  ),
  OPERATION_UNCLASSIFIED: entry(
    403,
    'The operation has no accepted effect yet.',
    'Classify the tool in its manifest, then accept it.',
  ),
  OPERATION_CHANGED: entry(
    403,
    'The definition of the tool is not the one that was accepted.',
    'Review the change, then accept the new definition with `interlock mcp accept`.',
  ),
  METHOD_NOT_GOVERNED: entry(
    403,
    'This method is not governed, so it is refused.',
    'Use the operations that the server lists.',
  ),
  NOT_FOUND: entry(
    404,
    'There is no such thing, or it is not yours to see.',
    'Check the id, and that the credential belongs to the same tenant and workflow.',
  ),
  GATEWAY_UNKNOWN: entry(
    401,
    'The gateway did not prove who it is.',
    'Compare the secret in the configuration of the gateway with the one that Interlock has.',
  ),
  REQUEST_AMBIGUOUS: entry(
    403,
    'The request can be read in more than one way.',
    'Send the path without empty, dot or escaped segments, each parameter once, and no method override.',
  ),
  BODY_NOT_SEEN: entry(
    403,
    'What the request does depends on its body, which the gateway does not show.',
    'Send it through an interface that shows bodies, or as a call to Interlock.',
  ),
  ACTION_HELD: entry(
    403,
    'The action waits for a human or for a fact.',
    'Repeat the same request with the same action id once it was approved.',
    true,
  ),
  ACTION_ID_REUSED: entry(
    409,
    'This action id was used for a different call.',
    'Use a new id for a new call; repeat the same call to get its recorded answer.',
  ),
  // Who is asking
  UNAUTHENTICATED: entry(
    401,
    'The credential is missing, unknown or expired.',
    'Send `Authorization: Bearer <key or session token>`.',
  ),
  FORBIDDEN: entry(
    403,
    'The credential lacks the right for this.',
    'Ask an administrator for the right that the detail names.',
  ),
  IDENTITY_MISMATCH: entry(
    403,
    'The call names another tenant, workflow, agent or user than its credential.',
    'Leave these fields out: they come from the token.',
  ),
  ORIGIN_REFUSED: entry(
    403,
    'The Host or Origin header is not one this server answers to.',
    'Call the address that the server printed, or allow the origin in the configuration.',
  ),
  // Decisions that no policy made
  NO_PERMIT: entry(
    403,
    'No policy permits this action.',
    'Ask for a policy that permits it; everything not permitted is denied.',
  ),
  DENIED_BY_POLICY: entry(
    403,
    'A policy forbids this action.',
    'The reasons name the policy and say what would be allowed.',
  ),
  POLICY_ERROR: entry(
    403,
    'A policy could not be evaluated, which counts as a refusal.',
    'Report the policy that the reasons name to those who maintain it.',
  ),
  POLICY_ENGINE_FAILED: entry(
    503,
    'The policy engine failed, which counts as a refusal.',
    'Try again; an operator should look at the log.',
    true,
  ),
  OBLIGATION_IMPOSSIBLE: entry(
    403,
    'An obligation of the decision cannot be fulfilled here.',
    'Use a surface that can fulfil it, or ask for another policy.',
  ),
  MODIFY_UNSTABLE: entry(
    403,
    'Applying the obligations changed the action in a way that asks for further changes.',
    'Send input that already satisfies the policies named in the reasons.',
  ),
  APPROVAL_DENIED: entry(403, 'A human refused this action.', 'Do not repeat it; the reasons say why.'),
  APPROVAL_EXPIRED: entry(403, 'Nobody answered in time.', 'Send the action again with a new id to ask again.'),
  FACT_MISSING: entry(
    403,
    'A fact that the policy needs did not arrive in time.',
    'Try again later with a new id.',
    true,
  ),
  WORKFLOW_FROZEN: entry(403, 'The workflow is frozen.', 'An administrator can lift the freeze.'),
  WORKFLOW_ERASED: entry(
    410,
    'What the workflow was has been erased, and nothing can be added to it.',
    'Open a new workflow. The log still shows that there was one, who erased it and why.',
  ),
  WORKFLOW_OPEN: entry(
    409,
    'Actions of the workflow are held, under way or without a known outcome.',
    'Answer or settle them first: `interlock workflow show` names them.',
  ),
  TENANT_FROZEN: entry(
    403,
    'The whole tenant is frozen.',
    'An administrator can lift the freeze: `interlock freezes lift tenant`.',
  ),
  AGENT_FROZEN: entry(
    403,
    'The agent is frozen in every workflow.',
    'An administrator can lift the freeze: `interlock freezes lift agent`.',
  ),
  SYSTEM_FROZEN: entry(
    403,
    'The system is frozen.',
    'An administrator can lift the freeze: `interlock freezes lift system`.',
  ),
  QUARANTINED: entry(
    403,
    'What the agent has, or what it would touch, descends from something that was revoked.',
    'An administrator can look at it and release it: `interlock workflow release`.',
  ),
  SESSION_REVOKED: entry(403, 'The agent session was revoked.', 'Ask whoever runs the agents for a new session.'),
  LIMIT_REACHED: entry(
    403,
    'A limit that was fixed when the workflow was opened is reached.',
    'Finish without further actions of this kind, or have a workflow opened with a higher limit.',
  ),
  WORKFLOW_BUSY: entry(
    503,
    'The workflow changed too often while the action was decided.',
    'Try again with the same id.',
    true,
  ),
  WORKFLOW_FULL: entry(403, 'The workflow has reached its bound.', 'Open a workflow that continues this one.'),
  SIGNAL_FORGOTTEN: entry(
    403,
    'A signal that the policies read had to forget something at a bound, so its value is not certain.',
    'Wait until its window has passed, or declare it over a shorter window or fewer values.',
  ),
  TOO_MANY_HELD: entry(
    403,
    'Too many actions of this workflow already wait for a human.',
    'Have the open approvals answered first.',
  ),
  TOO_MANY_STREAMS: entry(503, 'Too many live streams are open.', 'Close one, or try again later.', true),
  // Approvals
  APPROVAL_ANSWERED: entry(
    409,
    'The approval was already answered.',
    'Look at its state; an approval is answered once.',
  ),
  APPROVER_INELIGIBLE: entry(
    403,
    'You may not answer this approval.',
    'It takes a member of the named group who is neither the requester nor acts for it.',
  ),
  // Executing
  EXECUTION_FAILED: entry(
    502,
    'The system refused or failed the action.',
    'The detail carries the system’s own error.',
  ),
  EXECUTION_TIMEOUT: entry(
    504,
    'The system did not answer in time.',
    'Ask for the action: its outcome says whether it took effect.',
  ),
  OUTCOME_UNKNOWN: entry(
    504,
    'It is not known whether the action took effect.',
    'Do not repeat it; its outcome is settled by reading the system back.',
  ),
  CREDENTIAL_REFUSED: entry(
    502,
    'The system refused the connector’s credential.',
    'An operator must renew it; see `interlock doctor`.',
  ),
  RATE_LIMITED: entry(
    429,
    'The system limits the rate of calls.',
    'Try again after the outcome’s `retryAfterMs`.',
    true,
  ),
  ORIGIN_LOCKED: entry(
    502,
    'The call would have left the system’s own origin.',
    'Check the input, or the system for a redirect to another host.',
  ),
  RESPONSE_UNEXPECTED: entry(
    502,
    'The system answered in a shape that the connector does not know.',
    'The effect is recorded; the result is withheld. Report it to the connector’s maintainer.',
  ),
  RESPONSE_TOO_LARGE: entry(502, 'The system’s answer is too large.', 'Narrow the request.'),
  RESULT_NOT_KEPT: entry(
    410,
    'The result was answered once and was too large to keep.',
    'Read it again with a new action.',
  ),
  SYSTEM_UNAVAILABLE: entry(503, 'The system cannot be reached.', 'Nothing was sent; try again later.', true),
  PERMIT_USED: entry(409, 'The outcome of this action is already recorded.', 'A permit is used once.'),
  // The log
  LOG_UNAVAILABLE: entry(
    503,
    'The workflow log cannot be written, so nothing is decided.',
    'An operator should look at the disk of the log, or its Redis: `interlock doctor` says what is wrong.',
    true,
  ),
  LOG_BROKEN: entry(
    500,
    'The workflow log does not verify.',
    'Run `interlock log verify`, keep the files as they are, and investigate.',
  ),
  LOG_LOST: entry(
    500,
    'The log has lost events that were seen.',
    'Restore it, see docs/operations.md; until then whatever rests on them is denied. A lost workflow can be continued in a new one.',
  ),
  LOG_IN_USE: entry(503, 'Another process has this log open.', 'Stop it, or name another data folder.'),
  QUEUE_UNAVAILABLE: entry(
    503,
    'Look-ups of facts cannot be handed to their workers, or are not worked off.',
    'Decisions go on, and facts come late; an operator should look at Redis and at the workers.',
    true,
  ),
  LOG_VERSION: entry(500, 'The log was written by a newer version of Interlock.', 'Upgrade this process.'),
  // Setting up
  USAGE: entry(400, 'The command line is not valid.', 'See `interlock help`, or --help of the command.'),
  FILE_UNREADABLE: entry(500, 'A file cannot be read.', 'Check its path, and who may read it.'),
  ADDRESS_UNAVAILABLE: entry(
    503,
    'The address cannot be listened on.',
    'Stop whatever uses it, or name another one; port 0 takes any that is free.',
  ),
  CONFIG_INVALID: entry(500, 'The configuration is not valid.', 'Correct the place that the detail names.'),
  SECRET_MISSING: entry(500, 'A referenced secret is not there.', 'Set the variable or file that the reference names.'),
  POLICY_INVALID: entry(
    500,
    'The policy set is not valid; the last good one stays in force.',
    'Correct the place that the detail names; `interlock policy lint` shows all.',
  ),
  CONNECTOR_INVALID: entry(500, 'A connector cannot be loaded.', 'Correct the place that the detail names.'),
  INTERNAL: entry(
    500,
    'Interlock failed; nothing was executed that is not recorded.',
    'Report it with the request id.',
  ),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

interface ErrorOptions {
  readonly cause?: unknown;
  /** Structured, already redacted facts for the caller, e.g. `{ path: 'input.state' }`. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** The one error class. `message` is the detail: safe to show, without secrets. */
export class InterlockError extends Error {
  readonly code: ErrorCode;
  readonly data: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, detail?: string, options: ErrorOptions = {}) {
    super(detail ?? ERRORS[code].title, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'InterlockError';
    this.code = code;
    this.data = options.data ?? {};
  }
}

/** Any thrown value as an InterlockError; what nobody foresaw is `INTERNAL` and keeps its cause. */
export function asInterlockError(thrown: unknown): InterlockError {
  if (thrown instanceof InterlockError) return thrown;
  return new InterlockError('INTERNAL', undefined, { cause: thrown });
}
