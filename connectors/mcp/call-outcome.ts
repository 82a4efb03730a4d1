import {
  type CallToolResult,
  ProtocolError,
  ProtocolErrorCode,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import type { ExecutionResult } from '../../src/connector/contract.ts';
import { redact } from '../../src/connector/http/redact.ts';
import { plainText } from '../../src/connector/intake/plain-text.ts';
import { type ErrorCode, InterlockError } from '../../src/lib/errors.ts';

const DETAIL_LENGTH = 500;

/** Protocol errors by which a server says that it did not even begin. */
const NOT_BEGUN: ReadonlySet<number> = new Set([
  ProtocolErrorCode.ParseError,
  ProtocolErrorCode.InvalidRequest,
  ProtocolErrorCode.MethodNotFound,
  ProtocolErrorCode.InvalidParams,
  -32020, // HeaderMismatch
]);

/** A tool's answer. An error that the tool reports carries the server's text, which then counts as read. */
export function outcomeOfResult(result: CallToolResult): ExecutionResult {
  if (result.isError !== true) return { status: 'succeeded', result };
  const text = result.content.map((block) => (block.type === 'text' ? block.text : '')).join(' ');
  return failed('EXECUTION_FAILED', words(text || 'the tool reported an error'), true);
}

/** What a call that threw may have done. `isRead`: it cannot have had an effect. */
export function outcomeOfError(thrown: unknown, isRead: boolean): ExecutionResult {
  const lost = (code: ErrorCode, detail: string): ExecutionResult =>
    isRead ? failed(code, detail) : { status: 'unknown', code, detail };
  if (thrown instanceof InterlockError) {
    return thrown.code === 'RESPONSE_TOO_LARGE'
      ? lost(thrown.code, thrown.message)
      : failed(thrown.code, thrown.message);
  }
  if (thrown instanceof UnauthorizedError) return failed('CREDENTIAL_REFUSED', 'the MCP server refused the credential');
  if (thrown instanceof SdkHttpError) return outcomeOfStatus(thrown.status ?? 0, lost);
  if (thrown instanceof ProtocolError) {
    const detail = words(thrown.message);
    if (isRead || NOT_BEGUN.has(thrown.code)) return failed('EXECUTION_FAILED', detail, true);
    return { status: 'unknown', code: 'OUTCOME_UNKNOWN', detail };
  }
  if (thrown instanceof SdkError) return outcomeOfSdkError(thrown, lost);
  if (wasNeverSent(thrown)) return failed('SYSTEM_UNAVAILABLE', 'the MCP server cannot be reached');
  if (thrown instanceof Error && thrown.name === 'AbortError')
    return lost('EXECUTION_TIMEOUT', 'the call was ended before the MCP server answered');
  return lost('OUTCOME_UNKNOWN', 'the connection to the MCP server failed during the call');
}

type Lost = (code: ErrorCode, detail: string) => ExecutionResult;

function outcomeOfStatus(status: number, lost: Lost): ExecutionResult {
  if (status === 401 || status === 403) return failed('CREDENTIAL_REFUSED', `the MCP server answered ${status}`);
  if (status === 429) return failed('RATE_LIMITED', 'the MCP server limits the rate of calls');
  if (status === 404) return failed('SYSTEM_UNAVAILABLE', 'the MCP server has forgotten the session');
  if (status >= 400 && status < 500) return failed('EXECUTION_FAILED', `the MCP server answered ${status}`);
  return lost('OUTCOME_UNKNOWN', `the MCP server answered ${status}`);
}

function outcomeOfSdkError(error: SdkError, lost: Lost): ExecutionResult {
  switch (error.code) {
    case SdkErrorCode.NotConnected:
    case SdkErrorCode.NotInitialized:
    case SdkErrorCode.CapabilityNotSupported:
      return failed('SYSTEM_UNAVAILABLE', 'the MCP server is not connected');
    case SdkErrorCode.RequestTimeout:
      return lost('EXECUTION_TIMEOUT', 'the MCP server did not answer in time');
    case SdkErrorCode.InvalidResult:
      return lost('RESPONSE_UNEXPECTED', 'the MCP server answered in a shape that the protocol does not know');
    case SdkErrorCode.UnsupportedResultType:
      return lost('METHOD_NOT_GOVERNED', 'the tool asks its caller for further input, which is not governed');
    default:
      return lost('OUTCOME_UNKNOWN', 'the connection to the MCP server failed during the call');
  }
}

/** Node's fetch names the socket's error as the cause. */
function wasNeverSent(thrown: unknown): boolean {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN';
}

function failed(code: ErrorCode, detail: string, exposed = false): ExecutionResult {
  return { status: 'failed', code, detail, exposed };
}

function words(text: string): string {
  return redact(plainText(text, DETAIL_LENGTH));
}
