import { z } from 'zod';
import type { ResourceType } from '../../src/action/resource.ts';
import type { AnyOperation, Failure, FailureClass, Undo } from '../../src/connector/contract.ts';
import type { HttpReply } from '../../src/connector/http/http-client.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { retryAfterFrom } from '../../src/connector/http/rate-limit-hint.ts';
import { governedOperation } from '../../src/connector/intake/governed-operation.ts';
import { inputSchemaOf } from '../../src/connector/intake/input-schema.ts';
import type { ClassifiedEntry } from '../../src/connector/intake/manifest-entry.ts';
import { plainText } from '../../src/connector/intake/plain-text.ts';
import type { Clock } from '../../src/lib/clock.ts';
import type { Json, JsonObject } from '../../src/lib/json.ts';
import type { DescribedOperation } from './described-operation.ts';
import type { FurtherCall, FurtherCalls } from './further-call.ts';
import { ofItsMethodOnly } from './method-override.ts';
import { projectAnswer } from './project-answer.ts';
import { readBackProbe } from './read-back.ts';
import { requestOf } from './request-of.ts';

/** What an operation touches where its manifest names nothing better. */
export const OPERATION_RESOURCE = 'Api::Operation' satisfies ResourceType;
export const STORE_RESOURCE = 'Api::Store' satisfies ResourceType;

/** `body` holds what the description declares of the answer, and is left out where it declares nothing. */
export const apiAnswer = z.object({ status: z.int(), body: z.json().optional() });

interface Made {
  readonly name: string;
  readonly key: string;
  readonly described: DescribedOperation;
  /** Path of the settings' address, without a slash at its end. */
  readonly prefix: string;
  readonly further: FurtherCalls;
  /** The operation that a key of the manifest is. */
  readonly nameOf: (key: string) => string;
}

/** The governed operation of a classified entry. Throws RESPONSE_UNEXPECTED where its schema cannot be carried. */
export function apiOperation(
  { name, key, described, prefix, further, nameOf }: Made,
  entry: ClassifiedEntry,
): AnyOperation {
  return governedOperation(
    {
      name,
      description: plainText([described.summary, described.description].filter(Boolean).join(' ') || key),
      input: ofItsMethodOnly(inputSchemaOf(described.inputSchema)),
      output: apiAnswer,
      whole: { type: OPERATION_RESOURCE, id: key },
      storeType: STORE_RESOURCE,
      roots: [],
      answers: ['body'],
      repeat: { class: 'at-most-once', evidence: { mark: 'mem', source: 'the description names no idempotency key' } },
      execute: ({ reads, repeatable }) =>
        httpExecution<JsonObject>({
          request: (input) => requestOf(described, prefix, input),
          repeatable,
          reads,
          result: (reply) => answerOf(described, reply),
        }),
      probe: further.readBack === undefined ? undefined : readBackProbe(further.readBack, prefix),
      undo: further.undo === undefined ? undefined : undoOf(further.undo, nameOf),
      source: 'the manifest of this API',
    },
    entry,
  );
}

function undoOf({ key, inputOf }: FurtherCall, nameOf: Made['nameOf']): Undo<JsonObject> {
  return (input, result) => {
    const made = inputOf({ input, result });
    return made === undefined ? undefined : { operation: nameOf(key), input: made };
  };
}

function answerOf({ answerSchema }: DescribedOperation, { status, body }: HttpReply): z.output<typeof apiAnswer> {
  if (answerSchema === undefined || body === undefined) return { status };
  // A body was parsed from JSON, or is the text that it could not be parsed from.
  return { status, body: z.json().parse(projectAnswer(body as Json, answerSchema)) };
}

/** How an API that we know nothing of says no: by its status (RFC 9110 §15). Total. */
export function apiFailureOf(clock: Clock): (reply: HttpReply) => Failure | undefined {
  return ({ status, headers }) => {
    if (status >= 200 && status < 300) return undefined;
    const wait = status === 429 ? { retryAfterMs: retryAfterFrom(headers, clock) } : {};
    return { class: classOf(status), detail: `The API answered ${status}.`, ...wait };
  };
}

function classOf(status: number): FailureClass {
  if (status === 401) return 'credential';
  if (status === 429) return 'rate-limited';
  // Some servers work on after they have given up waiting.
  if (status === 408) return 'ambiguous';
  return status >= 300 && status < 500 ? 'refused' : 'ambiguous';
}
