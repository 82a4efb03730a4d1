import { z } from 'zod';
import type { SimulatorWorld } from '../../../src/connector/simulator/create-simulator.ts';
import { SUBMIT_ACTION } from '../business-process.ts';
import { startProcess } from './process.ts';
import {
  correlationIn,
  created,
  instanceOf,
  invalid,
  notFound,
  page,
  type Routes,
  referenceTo,
  type ServiceCall,
  statusOf,
} from './service.ts';
import type { TimeOffEntry } from './tenant.ts';

/** Time off (absenceManagement v1) and messages (connect v2). */
export const peopleRoutes: Routes = {
  'POST absenceManagement/v1/workers/:id/requestTimeOff': requestTimeOff,
  'GET absenceManagement/v1/workers/:id/timeOffDetails': ({ tenant, id, query }) => {
    if (!tenant.workers.has(id)) return notFound();
    const [from = '', to = '9999'] = [query.get('fromDate') ?? undefined, query.get('toDate') ?? undefined];
    const own = tenant.timeOff.filter(({ workerId, date }) => workerId === id && date >= from && date <= to);
    return page(
      query,
      own.map(({ date, comment, quantity, status, typeId }) => ({
        date,
        comment,
        quantity,
        status: statusOf(status),
        timeOffType: instanceOf(typeId, tenant.timeOffTypes),
        worker: { id },
      })),
    );
  },
  'POST connect/v2/sendMessage': sendMessage,
};

const timeOff = z.object({
  businessProcessParameters: z.object({ action: referenceTo }).optional(),
  days: z.array(
    z.object({ date: z.string(), timeOffType: referenceTo, dailyQuantity: z.number(), comment: z.string().optional() }),
  ),
});

function requestTimeOff({ tenant, world, account, id, body }: ServiceCall) {
  if (!tenant.workers.has(id)) return notFound();
  const parsed = timeOff.safeParse(body);
  if (!parsed.success)
    return invalid(
      'A1038 Date is required and must have a value.',
      'A1017 Daily Quantity is required and must have a value.',
    );
  const { days, businessProcessParameters: parameters } = parsed.data;
  if (parameters !== undefined && parameters.action.id !== SUBMIT_ACTION)
    return invalid("A219 The business process action isn't valid.");
  if (days.some(({ dailyQuantity }) => dailyQuantity <= 0))
    return invalid('A1016 Enter an hourly or daily quantity that is greater than zero.');
  const taken = (day: (typeof days)[number]) =>
    tenant.timeOff.some(
      ({ workerId, date, typeId, status }) =>
        workerId === id && date === day.date && typeId === day.timeOffType.id && status !== 'Denied',
    );
  if (days.some(taken))
    return invalid("A1032 You can't have multiple entries for the same Time Off Type for a given date.");
  const entries = days.map((day) => entryOf(day, id, world));
  tenant.timeOff.push(...entries);
  world.audit('time-off.request', id, correlationIn(days[0]?.comment));
  const started = startProcess(tenant, world, {
    type: 'Request Time Off',
    workerId: id,
    initiator: account,
    onEnd: (status) => {
      for (const entry of entries) entry.status = status === 'Denied' ? 'Denied' : 'Approved';
    },
  });
  return created({
    businessProcessParameters: {
      action: { id: SUBMIT_ACTION },
      overallBusinessProcess: { id: started.id, descriptor: 'Request Time Off' },
      overallStatus: started.status,
    },
    days: entries.map(({ id: entryId, date }) => ({ id: entryId, date })),
  });
}

function entryOf(
  { date, timeOffType, dailyQuantity, comment = '' }: z.output<typeof timeOff>['days'][number],
  workerId: string,
  world: SimulatorWorld,
): TimeOffEntry {
  return {
    id: world.id(),
    workerId,
    date,
    typeId: timeOffType.id,
    quantity: dailyQuantity,
    comment,
    status: 'Submitted',
  };
}

const message = z.object({
  notificationType: referenceTo.optional(),
  recipients: z.object({ contacts: z.array(referenceTo) }).optional(),
  emailDetail: z.object({ subject: z.string(), body: z.string() }).optional(),
  pushDetail: z.object({ message: z.string() }).optional(),
  messageTemplate: referenceTo.optional(),
});

function sendMessage({ tenant, world, body }: ServiceCall) {
  const { notificationType, recipients, emailDetail, pushDetail, messageTemplate } = message.parse(body);
  if (notificationType === undefined) return invalid('Notification Type is required and must have a value.');
  const contacts = recipients?.contacts ?? [];
  if (contacts.length === 0) return invalid('At least one Recipient is required.');
  if (contacts.some(({ id }) => !tenant.workers.has(id))) return invalid('Submit Worker type Workday IDs.');
  if (messageTemplate !== undefined && (emailDetail !== undefined || pushDetail !== undefined))
    return invalid('Message Template cannot be provided if Email or Push details is provided.');
  for (const { id } of contacts) world.audit('message.send', id);
  return created({ notificationType, recipients: { contacts } });
}
