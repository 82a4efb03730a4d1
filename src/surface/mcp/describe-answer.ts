import type { CallToolResult, ContentBlock } from '@modelcontextprotocol/server';
import type { Outcome } from '../../action/outcome.ts';
import type { Answer } from '../../gate/answers.ts';
import { ERRORS, type InterlockError } from '../../lib/errors.ts';
import { isJsonObject, type Json } from '../../lib/json.ts';
import { WAIT_TOOL } from './wait-tool.ts';

/** An answer as a tool's result: the whole of it as data, and in plain words for a reader that only sees text. */
export function describeAnswer(answer: Answer): CallToolResult {
  const { outcome } = answer;
  const isError = answer.state === 'denied' || outcome?.status === 'failed' || outcome?.status === 'unknown';
  return {
    content: [{ type: 'text', text: inWords(answer) }, ...blocksOf(outcome?.result)],
    // An answer is JSON by its type; `undefined` members go when it is written.
    structuredContent: JSON.parse(JSON.stringify(answer)),
    isError,
  };
}

/** A call that cannot be governed at all, as a result too: an agent that sees the code can correct itself. */
export function describeError(error: InterlockError): CallToolResult {
  const { title, hint, retryable } = ERRORS[error.code];
  return {
    content: [
      {
        type: 'text',
        text: sentences(
          `Refused with ${error.code}: ${title}`,
          error.message === title ? undefined : error.message,
          hint,
        ),
      },
    ],
    structuredContent: { decision: 'deny', code: error.code, detail: error.message, hint, retryable },
    isError: true,
  };
}

function inWords(answer: Answer): string {
  const why = answer.reasons.map(({ title }) => title).join(' ');
  switch (answer.state) {
    case 'denied':
      return sentences(
        `Denied${answer.code === undefined ? '' : ` with ${answer.code}`}. Nothing was executed.`,
        why,
        answer.hint,
      );
    case 'held':
      return sentences(waiting(answer), why, `Nothing was executed so far. ${askAgain(answer)}`);
    case 'executing':
      return sentences('Allowed, and still being executed.', askAgain(answer));
    case 'permitted':
      return sentences('Allowed. The caller executes it and reports the outcome.', why);
    case 'completed':
      return sentences(
        answer.decision === 'modify' ? `Allowed after a change. ${why}` : 'Allowed.',
        outcomeInWords(answer, answer.outcome),
      );
    default:
      return answer.state satisfies never;
  }
}

function waiting({ approval, waitingFor = [] }: Answer): string {
  if (approval === undefined) return `Not decided yet: it waits for ${waitingFor.join(', ') || 'a fact'}.`;
  const until = new Date(approval.expiresAt).toISOString();
  return `A human must approve this first: a member of ${approval.groups.join(' and of ')}, until ${until}.`;
}

function outcomeInWords(answer: Answer, outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'No outcome is recorded.';
  // The system's words stand in quotation marks, so that they cannot pass for ours.
  const detail = outcome.detail === undefined ? undefined : `The detail: ${JSON.stringify(outcome.detail)}.`;
  switch (outcome.status) {
    case 'succeeded':
      return 'It succeeded.';
    case 'accepted':
      return `The system accepted it and is still at work. ${askAgain(answer)}`;
    case 'failed':
      return sentences(`It failed${outcome.code === undefined ? '' : ` with ${outcome.code}`}.`, detail);
    case 'unknown':
      return sentences('It is not known whether it took effect. Do not repeat it.', detail, askAgain(answer));
    default:
      return outcome.status satisfies never;
  }
}

function askAgain({ id }: Answer): string {
  return `To wait for it, call ${WAIT_TOOL.name} with {"id":"${id}"}.`;
}

/** What the system answered: its own blocks where they are MCP's, else its JSON. */
function blocksOf(result: Json | undefined): readonly ContentBlock[] {
  if (result === undefined) return [];
  const content = isJsonObject(result) ? result['content'] : undefined;
  if (Array.isArray(content) && content.every(isTextOrMedia)) return content as readonly ContentBlock[]; // checked just now
  return [{ type: 'text', text: JSON.stringify(result) }];
}

function isTextOrMedia(block: Json): boolean {
  if (!isJsonObject(block)) return false;
  if (block['type'] === 'text') return typeof block['text'] === 'string';
  return (
    (block['type'] === 'image' || block['type'] === 'audio') &&
    typeof block['data'] === 'string' &&
    typeof block['mimeType'] === 'string'
  );
}

function sentences(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' ');
}
