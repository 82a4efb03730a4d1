import {
  itemsAt,
  offsetPages,
  pagedExecution,
  type ResourceRef,
  readOperation,
  z,
} from '../../../src/connector/index.ts';
import { doc, id, mem, moreOf, one, PAGE_ITEMS, PAGED, page, read, reference } from '../vendor.ts';

const onCall = z.object({
  user: reference,
  schedule: reference.nullish(),
  escalation_policy: reference,
  escalation_level: z.number(),
  start: z.string().nullish(),
  end: z.string().nullish(),
});

export const listOnCalls = readOperation({
  name: 'pagerduty.on-call.list',
  description: 'Lists who is on duty now, for which policy and schedule.',
  input: z.strictObject({
    scheduleId: id.optional(),
    userId: id.optional(),
    escalationPolicyId: id.optional(),
    ...page,
  }),
  output: z.object({ oncalls: z.array(onCall), next: z.number().optional() }),
  resourceTypes: ['PagerDuty::Schedule', 'PagerDuty::User', 'PagerDuty::EscalationPolicy'],
  resources: ({ scheduleId, userId, escalationPolicyId }) => {
    const named: ResourceRef[] = [];
    if (userId !== undefined) named.push(one('User', userId));
    if (escalationPolicyId !== undefined) named.push(one('EscalationPolicy', escalationPolicyId));
    return scheduleId === undefined && named[0] !== undefined
      ? [named[0], ...named.slice(1)]
      : [one('Schedule', scheduleId ?? '*'), ...named];
  },
  touched: ({ oncalls }) => oncalls.map(({ user }) => one('User', user.id)),
  labels: () => ['pii'],
  provenance: { returns: { default: 'system' } },
  execute: pagedExecution({
    as: 'oncalls',
    dialect: offsetPages({ offset: 'offset', size: 'limit', items: itemsAt('oncalls'), more: moreOf }),
    pageItems: PAGE_ITEMS,
    call: ({ scheduleId, userId, escalationPolicyId }) =>
      read('/oncalls', {
        'schedule_ids[]': scheduleId,
        'user_ids[]': userId,
        'escalation_policy_ids[]': escalationPolicyId,
      }),
    from: ({ next }) => next,
  }),
  evidence: [PAGED, doc('reference, GET /oncalls, which has rate limits of its own'), mem('without a time it is now')],
});
