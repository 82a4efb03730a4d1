import { z } from 'zod';
import { InterlockError } from '../../../lib/errors.ts';
import { liveEvent } from '../answer-schemas.ts';
import { PROMETHEUS_MEDIA_TYPE, prometheusText } from '../prometheus-text.ts';
import { workflowQuery } from '../request-schemas.ts';
import { type Route, route } from '../route.ts';

export const liveRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/v1/events',
    name: 'watchEvents',
    summary: 'Follow what happens from now on, as server-sent events whose data is as described. Right `administer`.',
    query: workflowQuery,
    status: 200,
    answer: liveEvent,
    mediaType: 'text/event-stream',
    handle: ({ streams, caller, reply, query }) => streams.start(caller, reply, query.workflow),
  }),
  route({
    method: 'GET',
    path: '/metrics',
    name: 'getMetrics',
    summary: "Counters in Prometheus' text format. Any operator's key: one without rights is enough.",
    status: 200,
    answer: z.string().meta({ title: 'Metrics' }),
    mediaType: PROMETHEUS_MEDIA_TYPE,
    handle({ interlock, caller, reply }) {
      if (caller.kind !== 'operator') throw new InterlockError('FORBIDDEN', 'metrics are for operators');
      reply.type(PROMETHEUS_MEDIA_TYPE);
      return prometheusText(interlock.metrics());
    },
  }),
];
