import {
  type AnyOperation,
  httpExecution,
  path,
  readOperation,
  writeOperation,
  z,
} from '../../../src/connector/index.ts';
import { settle } from '../settle.ts';
import { change, doc, type Identity, id, mem, NOT_REPEATED, one, pointer, read, reference, time } from '../vendor.ts';

const REMOVAL = doc(
  'reference, DELETE …/overrides/{id}: 204; one that has begun is cut short with a 200; a past one stays',
);

const override = z.object({ id: z.string(), start: z.string(), end: z.string(), user: reference });
const overrides = z.object({ overrides: z.array(override) });
const span = { start: time, end: time };

const overridesOf = (of: string, { start, end }: { readonly start: string; readonly end: string }) =>
  read(path`/schedules/${of}/overrides`, { since: start, until: end });

const listOverrides = readOperation({
  name: 'pagerduty.override.list',
  description: 'Lists who stands in for whom on a schedule between two times.',
  input: z.strictObject({ scheduleId: id, ...span }),
  output: overrides,
  resourceTypes: ['PagerDuty::Schedule'],
  resources: ({ scheduleId }) => [one('Schedule', scheduleId)],
  labels: () => ['pii'],
  provenance: { returns: { default: 'system' } },
  execute: httpExecution({
    request: ({ scheduleId, ...between }) => overridesOf(scheduleId, between),
    repeatable: true,
    result: ({ body }) => overrides.parse(body),
  }),
  evidence: [doc('reference, GET /schedules/{id}/overrides: since and until are required')],
});

const shift = { scheduleId: id, userId: id, ...span };
const inOrder = ({ start, end }: { readonly start: string; readonly end: string }) =>
  Date.parse(start) < Date.parse(end);
const ORDER = { error: '`end` is after `start`.' };
const sameTime = (one: string, other: string) => Date.parse(one) === Date.parse(other);

const createOverride = (identity: Identity) =>
  writeOperation({
    name: 'pagerduty.override.create',
    description:
      'Puts somebody on duty instead of whom the schedule names: from then on they are called, and nobody else.',
    input: z.strictObject(shift).refine(inOrder, ORDER),
    output: override,
    resourceTypes: ['PagerDuty::Schedule', 'PagerDuty::User'],
    resources: ({ scheduleId, userId }) => [one('Schedule', scheduleId), one('User', userId)],
    labels: () => ['pii'],
    // Whoever is put on duty gets everybody's alarms; whoever is not, none.
    effect: () => ({ kind: 'create', reversible: 'operation', external: false, privileged: true, count: 1 }),
    effectKinds: ['create'],
    repeat: {
      class: 'at-most-once',
      evidence: doc('reference: of overrides on top of each other the last one counts'),
    },
    provenance: {
      arguments: { scheduleId: 'target', userId: 'destination', start: 'date', end: 'date' },
      asked: ['cover', 'override', 'swap'],
    },
    execute: httpExecution({
      request: ({ scheduleId, userId, start, end }) =>
        change(identity, {
          method: 'POST',
          path: path`/schedules/${scheduleId}/overrides`,
          body: { overrides: [{ start, end, user: pointer(userId, 'user') }] },
        }),
      repeatable: false,
      result: ({ body }) => z.tuple([z.object({ status: z.literal(201), override })]).parse(body)[0].override,
    }),
    probe: ({ scheduleId, userId, ...between }, context) =>
      settle(overridesOf(scheduleId, between), context, {
        shape: overrides,
        judge: (found) => {
          const result = found.overrides.findLast(
            ({ user, start, end }) =>
              user.id === userId && sameTime(start, between.start) && sameTime(end, between.end),
          );
          return result === undefined ? { status: 'not-applied' } : { status: 'applied', result };
        },
      }),
    undo: ({ scheduleId, userId, start, end }, result) => {
      const created = override.safeParse(result);
      if (!created.success) return undefined;
      return {
        operation: 'pagerduty.override.delete',
        input: { scheduleId, overrideId: created.data.id, userId, start, end },
      };
    },
    evidence: [
      doc('reference, POST /schedules/{id}/overrides with a list'),
      mem('it answers a list of { status, override }'),
    ],
  });

const deleteOverride = (identity: Identity) =>
  writeOperation({
    name: 'pagerduty.override.delete',
    description:
      'Puts the schedule back in force; an override that has begun is cut short now. Name it as it was listed.',
    input: z.strictObject({ ...shift, overrideId: id }).refine(inOrder, ORDER),
    output: z.object({}),
    resourceTypes: ['PagerDuty::Schedule', 'PagerDuty::User'],
    resources: ({ scheduleId, userId }) => [one('Schedule', scheduleId), one('User', userId)],
    effect: () => ({ kind: 'delete', reversible: 'operation', external: false, privileged: true, count: 1 }),
    effectKinds: ['delete'],
    repeat: { class: 'at-most-once', evidence: NOT_REPEATED },
    provenance: { arguments: { scheduleId: 'target', overrideId: 'target', userId: 'target' } },
    execute: httpExecution({
      request: ({ scheduleId, overrideId }) =>
        change(identity, { method: 'DELETE', path: path`/schedules/${scheduleId}/overrides/${overrideId}` }),
      repeatable: false,
      result: () => ({}),
    }),
    probe: ({ scheduleId, overrideId, ...between }, context) =>
      settle(overridesOf(scheduleId, between), context, {
        shape: overrides,
        judge: (found) => {
          const left = found.overrides.find((one) => one.id === overrideId);
          const isOver = left === undefined || Date.parse(left.end) <= context.clock.now();
          return isOver ? { status: 'applied', result: {} } : { status: 'not-applied' };
        },
      }),
    undo: ({ scheduleId, userId, start, end }) => ({
      operation: 'pagerduty.override.create',
      input: { scheduleId, userId, start, end },
    }),
    evidence: [REMOVAL],
  });

export function overrideOperations(identity: Identity): readonly AnyOperation[] {
  return [listOverrides, createOverride(identity), deleteOverride(identity)];
}
