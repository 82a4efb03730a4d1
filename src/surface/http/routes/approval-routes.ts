import { InterlockError } from '../../../lib/errors.ts';
import { approval, approvalList } from '../answer-schemas.ts';
import { checkClaims } from '../claimed-identity.ts';
import { answerBody, approvalsQuery, byId } from '../request-schemas.ts';
import { type Route, route } from '../route.ts';

export const approvalRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/v1/approvals',
    name: 'listApprovals',
    summary: 'List the approvals that wait. Right `approve` or `administer`.',
    query: approvalsQuery,
    status: 200,
    answer: approvalList,
    handle: async ({ interlock, caller, query }) => ({
      approvals: await interlock.approvals(caller, { all: query.all === 'true' }),
    }),
  }),
  route({
    method: 'GET',
    path: '/v1/approvals/{id}',
    name: 'getApproval',
    summary: 'See one approval, answered or not. Right `approve` or `administer`.',
    params: byId,
    status: 200,
    answer: approval,
    async handle({ interlock, caller, params }) {
      const all = await interlock.approvals(caller, { all: true });
      const found = all.find(({ id }) => id === params.id);
      if (found === undefined) throw new InterlockError('NOT_FOUND');
      return found;
    },
  }),
  route({
    method: 'POST',
    path: '/v1/approvals/{id}',
    name: 'answerApproval',
    summary: 'Approve or deny, with a reason; once. Right `approve`, in the group, and not who asked.',
    params: byId,
    body: answerBody,
    status: 200,
    answer: approval,
    handle({ interlock, caller, params, body: { answer, reason, tenant } }) {
      checkClaims(caller, { tenant });
      return interlock.answerApproval(caller, params.id, { answer, reason });
    },
  }),
];
