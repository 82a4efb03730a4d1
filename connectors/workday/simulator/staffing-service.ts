import { z } from 'zod';
import type { SimulatorWorld } from '../../../src/connector/simulator/create-simulator.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { SUBMIT_ACTION } from '../business-process.ts';
import { startProcess } from './process.ts';
import {
  created,
  instanceOf,
  invalid,
  notFound,
  ok,
  page,
  type Routes,
  referenceTo,
  type ServiceCall,
  statusOf,
} from './service.ts';
import { dayOf, organizationOf, type Tenant, type Worker } from './tenant.ts';

/** Workers, their pay slips and job changes, and the tenant's own audit log: common v1. */
export const staffingRoutes: Routes = {
  'GET common/v1/currencies': ({ query }) =>
    page(query, [
      { id: 'Currency_ID=USD', descriptor: 'USD' },
      { id: 'Currency_ID=EUR', descriptor: 'EUR' },
    ]),
  'GET common/v1/workers': (call) => {
    const words = (call.query.get('search') ?? '').toLowerCase().split(' ').filter(Boolean);
    const found = [...call.tenant.workers.values()].filter(
      ({ name }) => words.length === 0 || words.some((word) => name.toLowerCase().includes(word)),
    );
    return page(
      call.query,
      found.map((worker) => summaryOf(worker, call)),
    );
  },
  'GET common/v1/workers/:id': (call) => {
    const worker = call.tenant.workers.get(call.id);
    if (worker === undefined) return notFound();
    const address = `1 ${worker.name.split(' ').at(-1)} Street, Springfield`;
    return ok({
      ...summaryOf(worker, call),
      dateOfBirth: worker.dateOfBirth,
      yearsOfService: 6,
      primaryWorkAddressText: address,
    });
  },
  'GET common/v1/workers/:id/paySlips': ({ tenant, id, query }) => {
    if (!tenant.workers.has(id)) return notFound();
    const own = tenant.paySlips.filter(({ workerId }) => workerId === id);
    return page(
      query,
      own.map(({ workerId: _worker, ...slip }) => ({
        ...slip,
        descriptor: `Pay slip ${slip.date}`,
        status: statusOf('Complete'),
      })),
    );
  },
  'POST common/v1/workers/:id/jobChanges': postJobChange,
  'GET common/v1/auditLogs': ({ tenant, query }) => {
    const [from = '', to = '9999'] = [query.get('from') ?? undefined, query.get('to') ?? undefined];
    const found = tenant.log.filter(({ at, account }) => {
      const day = dayOf(at);
      return day >= from && day <= to && account === (query.get('systemAccount') ?? account);
    });
    return page(
      query,
      found.map((entry) => ({
        requestTime: new Date(entry.at).toISOString(),
        systemAccount: entry.account,
        taskDisplayName: entry.task,
        activityAction: 'WRITE',
        target: { id: entry.target },
        ipAddress: '203.0.113.7',
        userAgent: entry.userAgent,
      })),
    );
  },
};

function summaryOf(
  worker: Worker,
  { tenant, world }: { readonly tenant: Tenant; readonly world: SimulatorWorld },
): JsonObject {
  const organizationId = organizationOf(worker, world);
  return {
    id: worker.id,
    descriptor: worker.name,
    href: `/workers/${worker.id}`,
    businessTitle: worker.title,
    isManager: worker.isManager,
    primaryWorkEmail: `${worker.name.toLowerCase().replaceAll(' ', '.')}@gms.example`,
    primaryWorkPhone: '+1 555 0100',
    ...(organizationId !== undefined && {
      primarySupervisoryOrganization: instanceOf(organizationId, tenant.organizations),
    }),
  };
}

const jobChange = z.object({
  supervisoryOrganization: referenceTo.optional(),
  jobChangeReason: referenceTo.optional(),
  effective: z.string().optional(),
  moveManagersTeam: z.boolean().optional(),
  businessProcessParameters: z.object({ action: referenceTo, autoComplete: z.boolean().optional() }).optional(),
});

function postJobChange({ tenant, world, account, id, body }: ServiceCall) {
  const worker = tenant.workers.get(id);
  if (worker === undefined) return notFound();
  const {
    supervisoryOrganization: to,
    jobChangeReason: reason,
    effective,
    businessProcessParameters: parameters,
  } = jobChange.parse(body);
  if (reason === undefined || !tenant.reasons.has(reason.id)) return invalid('Reason is required.');
  if (to === undefined || !tenant.organizations.has(to.id))
    return invalid('Proposed Supervisory Organization is required.');
  if (parameters !== undefined && parameters.action.id !== SUBMIT_ACTION)
    return invalid("A219 The business process action isn't valid.");
  const pending = [...tenant.processes.values()].some(
    (each) => each.type === 'Change Job' && each.workerId === id && each.status === 'In Progress',
  );
  if (pending)
    return invalid(
      'You cannot initiate this action because there are other pending actions for the worker that conflict with this one.',
    );
  const on = effective ?? dayOf(world.clock.now());
  world.audit('worker.change-job', id);
  const started = startProcess(tenant, world, {
    type: 'Change Job',
    workerId: id,
    initiator: account,
    effective: on,
    skipApprovals: parameters?.autoComplete,
    onEnd: (status, now) => {
      if (status === 'Denied') return;
      worker.moves.push({ organizationId: to.id, effective: on });
      now.audit('worker.move', id);
    },
  });
  return created({
    id: started.id,
    descriptor: `Change Job: ${worker.name}`,
    effective: on,
    supervisoryOrganization: instanceOf(to.id, tenant.organizations),
  });
}
