import { z } from 'zod';
import type { Enricher } from '../../src/connector/contract.ts';
import { httpFact } from '../../src/connector/http/http-fact.ts';
import { path } from '../../src/connector/http/path.ts';
import { mem } from './evidence.ts';

const campaign = z.object({ status: z.string() });

export const enrichers: readonly Enricher[] = [
  {
    name: 'campaignStatus',
    title: 'Whether the campaign runs. Unverified: its path is from memory.',
    type: 'String',
    about: ['Talkdesk::Campaign'],
    ttlMs: 60_000,
    fetch: httpFact({
      request: ({ id }) => ({ method: 'GET', path: path`/campaigns/${id}` }),
      isAbsent: (answer) => !answer.ok && answer.reply?.status === 404,
      value: ({ body }) => campaign.parse(body).status,
    }),
    evidence: [mem('GET /campaigns/{id}')],
  },
];
