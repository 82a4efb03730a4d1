import { z } from 'zod';
import type { ResourceRef } from '../../../src/action/resource.ts';
import { readOperation } from '../../../src/connector/contract.ts';
import { pagedExecution } from '../pages.ts';
import { COLLECTION, group, user } from '../resources.ts';

const text = z.string().nullish();
const party = z.object({ id: text, type: text, alternateId: text, displayName: text });

/** Without debugContext, request and client details: they hold whatever a caller sent. */
const logEvent = z.object({
  uuid: z.string(),
  published: z.string(),
  eventType: z.string(),
  severity: text,
  displayMessage: text,
  actor: party.nullish(),
  outcome: z.object({ result: text, reason: text }).nullish(),
  client: z.object({ ipAddress: text }).nullish(),
  target: z.array(party).nullish(),
  transaction: z.object({ id: text, type: text }).nullish(),
});

const searchLog = readOperation({
  name: 'okta.system-log.search',
  description:
    'Searches what happened in the org, e.g. filter `eventType eq "user.lifecycle.deactivate"`. Without `since`: the last seven days.',
  input: z.strictObject({
    since: z.iso.datetime({ offset: true }).optional(),
    until: z.iso.datetime({ offset: true }).optional(),
    filter: z.string().min(1).max(2_048).optional(),
    q: z.string().min(1).max(400).optional(),
    sortOrder: z.enum(['ASCENDING', 'DESCENDING']).default('DESCENDING'),
    limit: z.int().min(1).max(1_000).default(100),
    after: z.string().min(1).max(1_024).optional(),
  }),
  output: z.object({ events: z.array(logEvent), after: z.string().optional() }),
  resourceTypes: ['Okta::SystemLog'],
  resources: () => [{ type: 'Okta::SystemLog', id: COLLECTION }],
  // A failed sign-in is logged with the name that was typed, by whomever.
  labels: () => ['security', 'pii', 'untrusted'],
  touched: ({ events }) => partiesOf(events),
  execute: pagedExecution({
    list: 'events',
    call: ({ since, until, filter, q, sortOrder }) => ({
      method: 'GET',
      path: '/api/v1/logs',
      query: { since, until, filter, q, sortOrder },
    }),
  }),
  evidence: [
    {
      mark: 'spec',
      source: 'GET /api/v1/logs (listLogEvents): limit 0 to 1000; q at most 10 keywords of 40 characters',
    },
  ],
});

/** Whom the events name, each once: what somebody called a user or a group can be read here too. Types as Okta has them [mem]. */
function partiesOf(events: readonly z.output<typeof logEvent>[]): readonly ResourceRef[] {
  const parties = events.flatMap(({ actor, target }) => [...(actor ? [actor] : []), ...(target ?? [])]);
  const idsOf = (wanted: string) => [
    ...new Set(parties.flatMap(({ id, type }) => (type === wanted && typeof id === 'string' ? [id] : []))),
  ];
  return [...idsOf('User').map(user), ...idsOf('UserGroup').map(group)];
}

export const systemLogOperations = [searchLog] as const;
