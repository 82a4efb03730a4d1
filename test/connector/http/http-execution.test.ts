import { describe, expect, it } from 'vitest';
import type { ExecutionResult } from '../../../src/connector/contract.ts';
import type { HttpCall, HttpReply, HttpResult } from '../../../src/connector/http/http-client.ts';
import { type HttpExecution, httpExecution } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { never } from './loopback.ts';

interface Input {
  readonly id: string;
}

type Failed = Extract<HttpResult, { readonly ok: false }>;

const reply: HttpReply = { status: 200, headers: {}, body: { result: { name: 'x' } } };
const empty: HttpReply = { status: 500, headers: {}, body: undefined };
const reading = { request: ({ id }: Input) => ({ method: 'GET', path: path`/t/${id}` }) as const, repeatable: true };
const writing = { request: ({ id }: Input) => ({ method: 'POST', path: path`/t/${id}` }) as const, repeatable: false };
const repeatableWriting = { ...writing, repeatable: true };
const searching = { ...writing, repeatable: true, reads: true };

async function execute(
  execution: Partial<HttpExecution<Input>> & Pick<HttpExecution<Input>, 'request' | 'repeatable'>,
  answer: HttpResult,
  id = '1',
): Promise<{ result: ExecutionResult; sent: { call: HttpCall; repeatable: boolean }[] }> {
  const sent: { call: HttpCall; repeatable: boolean }[] = [];
  const http = {
    send: async (call: HttpCall, options: { readonly repeatable: boolean }) => {
      sent.push({ call, repeatable: options.repeatable });
      return answer;
    },
  };
  const run = httpExecution<Input>({ result: ({ body }) => body, ...execution });
  const result = await run({ id }, { actionId: 'act_1', http, clock: systemClock, signal: never });
  return { result, sent };
}

const failed = (fields: Partial<Failed> & Pick<Failed, 'class'>): Failed => ({ ok: false, detail: 'why', ...fields });

describe('httpExecution', () => {
  it('sends one call, with the action id in reach and repeatable as declared', async () => {
    for (const repeatable of [true, false]) {
      const request = (_: Input, { actionId }: { readonly actionId: string }) =>
        ({ method: 'POST', path: '/t', headers: { 'idempotency-key': actionId } }) as const;
      const { sent } = await execute({ request, repeatable }, { ok: true, reply });
      expect(sent).toEqual([
        { call: { method: 'POST', path: '/t', headers: { 'idempotency-key': 'act_1' } }, repeatable },
      ]);
    }
  });

  it('answers what the connector reads in the reply', async () => {
    const result = ({ body }: HttpReply) => (body as { readonly result: unknown }).result;
    expect((await execute({ ...writing, result }, { ok: true, reply })).result).toEqual({
      status: 'succeeded',
      result: { name: 'x' },
    });
  });

  it.each([
    ['accepted, with the handle', { event: 'e1' }, { status: 'accepted', result: reply.body, handle: { event: 'e1' } }],
    ['succeeded, where there is none', undefined, { status: 'succeeded', result: reply.body }],
  ])('tells work that goes on elsewhere: %s', async (_, handle, expected) => {
    expect((await execute({ ...writing, accepted: () => handle }, { ok: true, reply })).result).toEqual(expected);
  });

  it.each<[string, typeof reading | typeof writing | typeof searching, Failed, object]>([
    [
      'a refusal',
      writing,
      failed({ class: 'refused', reply }),
      { status: 'failed', code: 'EXECUTION_FAILED', exposed: true },
    ],
    [
      'a refusal without a body',
      writing,
      failed({ class: 'refused', reply: empty }),
      { status: 'failed', exposed: false },
    ],
    [
      'a bad credential',
      writing,
      failed({ class: 'credential' }),
      { status: 'failed', code: 'CREDENTIAL_REFUSED', exposed: false },
    ],
    [
      'a rate limit',
      writing,
      failed({ class: 'rate-limited', retryAfterMs: 9 }),
      { status: 'failed', code: 'RATE_LIMITED', retryAfterMs: 9 },
    ],
    [
      'an absent system',
      writing,
      failed({ class: 'unavailable' }),
      { status: 'failed', code: 'SYSTEM_UNAVAILABLE', exposed: false },
    ],
    ['a path outside', writing, failed({ class: 'origin' }), { status: 'failed', code: 'ORIGIN_LOCKED' }],
    [
      'a read led elsewhere',
      reading,
      failed({ class: 'origin', reply: empty }),
      { status: 'failed', code: 'ORIGIN_LOCKED' },
    ],
    [
      'a write led elsewhere',
      writing,
      failed({ class: 'origin', reply: empty }),
      { status: 'unknown', code: 'ORIGIN_LOCKED' },
    ],
    [
      'a read past the bound',
      reading,
      failed({ class: 'too-large' }),
      { status: 'failed', code: 'RESPONSE_TOO_LARGE' },
    ],
    [
      'a write past the bound',
      writing,
      failed({ class: 'too-large' }),
      { status: 'unknown', code: 'RESPONSE_TOO_LARGE' },
    ],
    ['a write that broke', writing, failed({ class: 'ambiguous' }), { status: 'unknown', code: 'OUTCOME_UNKNOWN' }],
    [
      'a write out of time',
      writing,
      failed({ class: 'ambiguous', timedOut: true }),
      { status: 'unknown', code: 'EXECUTION_TIMEOUT' },
    ],
    [
      'an idempotent write that broke',
      repeatableWriting,
      failed({ class: 'ambiguous' }),
      { status: 'unknown', code: 'OUTCOME_UNKNOWN' },
    ],
    ['a read that broke', reading, failed({ class: 'ambiguous' }), { status: 'failed', code: 'SYSTEM_UNAVAILABLE' }],
    [
      'a read out of time',
      reading,
      failed({ class: 'ambiguous', timedOut: true }),
      { status: 'failed', code: 'EXECUTION_TIMEOUT' },
    ],
    [
      'a search that broke',
      searching,
      failed({ class: 'ambiguous', reply }),
      { status: 'failed', code: 'SYSTEM_UNAVAILABLE', exposed: true },
    ],
  ])('tells %s', async (_, execution, answer, expected) => {
    expect((await execute(execution, answer)).result).toMatchObject({ detail: 'why', ...expected });
  });

  it.each(['', '..', 'a\nb'])('sends nothing for the id %j', async (id) => {
    const { result, sent } = await execute(writing, { ok: true, reply }, id);
    expect(result).toMatchObject({ status: 'failed', code: 'INVALID_INPUT', exposed: false });
    expect(sent).toEqual([]);
  });

  it.each([
    ['a read fails', reading, { status: 'failed', code: 'RESPONSE_UNEXPECTED', exposed: true }],
    ['a write stays open', writing, { status: 'unknown', code: 'RESPONSE_UNEXPECTED' }],
  ] as const)('withholds a reply that the connector cannot read: %s', async (_, execution, expected) => {
    const result = (): never => {
      throw new Error('no field result in {"secret":"data"}');
    };
    const executed = await execute({ ...execution, result }, { ok: true, reply });
    expect(executed.result).toMatchObject(expected);
    expect(JSON.stringify(executed.result)).not.toContain('data');
  });
});
