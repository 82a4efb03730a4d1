import type { ExecutionContext, ExecutionResult, ProbeResult } from '../../src/connector/contract.ts';
import type { Write } from './codec.ts';
import type { Answer, Calling } from './directory.ts';
import type { Name } from './name.ts';
import { type Entry, look, unread, write } from './read.ts';
import type { Scope } from './scope.ts';

interface Plan {
  readonly write?: Write | undefined;
  readonly result: unknown;
}

export interface ReadThenWrite {
  readonly scope: Scope;
  readonly name: Name;
  /** What must be known before the write can be made. */
  readonly attributes: readonly string[];
  readonly context: ExecutionContext;
  /** The write, and what is answered when it is done; without a write it is so already. A refusal is answered as it is. */
  readonly plan: (found: Entry) => Plan | ExecutionResult;
}

/** Reads an entry, and writes only what is not so already, on the condition that it is still as it was read. */
export async function readThenWrite({
  scope,
  name,
  attributes,
  context,
  plan,
}: ReadThenWrite): Promise<ExecutionResult> {
  const answer = await look(scope, name, { attributes, context });
  if (!answer.ok || answer.value === undefined) return unread(answer);
  const planned = plan(answer.value);
  if ('status' in planned) return planned;
  const { write: request, result } = planned;
  return request === undefined ? { status: 'succeeded', result } : write(scope, request, { context, result });
}

export interface ReadBack {
  readonly name: Name;
  readonly attributes?: readonly string[] | undefined;
  /** Undefined where the entry says neither. */
  readonly judge: (found: Entry | undefined) => ProbeResult;
}

/** Settles an unknown outcome by what the entry is now. */
export async function readBack(
  scope: Scope,
  { name, attributes = ['objectClass'], judge }: ReadBack,
  context: Calling,
): Promise<ProbeResult> {
  const answer = await look(scope, name, { attributes, context });
  return answer.ok ? judge(answer.value) : unsure(answer);
}

export function unsure(answer: Answer<unknown>): ProbeResult {
  return { status: 'undetermined', detail: answer.ok ? 'The directory does not say.' : answer.detail };
}

export const isDone = (isSo: boolean, result?: unknown): ProbeResult =>
  isSo ? { status: 'applied', result } : { status: 'not-applied' };
