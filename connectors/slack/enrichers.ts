import { z } from 'zod';
import type { Enricher } from '../../src/connector/contract.ts';
import type { HttpResult } from '../../src/connector/http/http-client.ts';
import { httpFact } from '../../src/connector/http/http-fact.ts';
import { isJsonObject } from '../../src/lib/json.ts';
import { sdk } from './evidence.ts';
import { methodCall } from './method-call.ts';

const info = z.object({
  channel: z.object({ is_ext_shared: z.boolean().default(false), is_private: z.boolean().default(false) }),
});

const MINUTE_MS = 60_000;

function isUnknown(answer: HttpResult): boolean {
  return !answer.ok && isJsonObject(answer.reply?.body) && answer.reply.body['error'] === 'channel_not_found';
}

/** What a call does not say, and decides how far it can be seen. */
export const enrichers: readonly Enricher[] = [
  {
    name: 'channelShared',
    title: 'Whether another company is in the channel.',
    type: 'Bool',
    about: ['Slack::Channel'],
    ttlMs: 10 * MINUTE_MS,
    fetch: httpFact({
      request: ({ id }) => methodCall('conversations.info', { channel: id }),
      isAbsent: isUnknown,
      value: ({ body }) => info.parse(body).channel.is_ext_shared,
    }),
    evidence: [sdk('conversations.info: channel; is_ext_shared')],
  },
];
