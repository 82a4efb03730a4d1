import { type AttackCase, call, headed, withHeaders } from './attack-case.ts';
import { KEYS, READ, request } from './harness.ts';

export const CREDENTIALS: readonly AttackCase[] = [
  { title: 'no credential', send: () => request('POST', '/v1/actions', undefined, READ), code: 'UNAUTHENTICATED' },
  {
    title: 'no credential and bad JSON',
    send: () => request('POST', '/v1/actions', undefined, '{'),
    code: 'UNAUTHENTICATED',
  },
  {
    title: 'an unknown credential',
    send: () => request('POST', '/v1/actions', 'wrong', READ),
    code: 'UNAUTHENTICATED',
  },
  { title: 'basic authentication', send: headed({ authorization: 'Basic a2V5LWFkbWluOg==' }), code: 'UNAUTHENTICATED' },
  {
    title: 'two credentials in one header',
    send: headed({ authorization: `Bearer ${KEYS.admin}, Bearer ${KEYS.opener}` }),
    code: 'UNAUTHENTICATED',
  },
  {
    title: 'a credential in the query',
    send: () => request('GET', `/v1/workflows?access_token=${KEYS.admin}`),
    code: 'UNAUTHENTICATED',
  },
  {
    title: 'a credential in a cookie',
    send: () => withHeaders(request('GET', '/v1/workflows'), { cookie: `key=${KEYS.admin}` }),
    code: 'UNAUTHENTICATED',
  },
  { title: 'an agent that claims another tenant', send: call({ ...READ, tenant: 'evil' }), code: 'IDENTITY_MISMATCH' },
  {
    title: 'an agent that claims another workflow',
    send: call({ ...READ, workflow: 'wf_99' }),
    code: 'IDENTITY_MISMATCH',
  },
  {
    title: 'an agent that claims another user',
    send: call({ ...READ, onBehalfOf: 'root' }),
    code: 'IDENTITY_MISMATCH',
  },
  { title: 'an agent that claims another agent', send: call({ ...READ, agent: 'helper' }), code: 'IDENTITY_MISMATCH' },
  {
    title: 'an agent that claims another session',
    send: (h) => call({ ...READ, session: h.helper.session })(h),
    code: 'IDENTITY_MISMATCH',
  },
  {
    title: 'an operator that claims another tenant',
    send: () => request('POST', '/v1/workflows', KEYS.opener, { onBehalfOf: { id: 'a' }, tenant: 'evil' }),
    code: 'IDENTITY_MISMATCH',
  },
  {
    title: 'an agent in the headers',
    send: headed({ authorization: 'Bearer none', 'x-agent': 'planner', 'x-tenant': 'acme' }),
    code: 'UNAUTHENTICATED',
  },
  {
    title: 'an agent that opens a workflow',
    send: (h) => request('POST', '/v1/workflows', h.agent.token, { onBehalfOf: { id: 'a' } }),
    code: 'FORBIDDEN',
  },
  {
    title: 'an agent that answers an approval',
    send: (h) => request('POST', '/v1/approvals/apr_1', h.agent.token, { answer: 'approve', reason: 'me' }),
    code: 'FORBIDDEN',
  },
  { title: 'an operator that acts', send: () => request('POST', '/v1/actions', KEYS.admin, READ), code: 'FORBIDDEN' },
  {
    title: "another tenant's workflow",
    send: (h) => request('GET', `/v1/workflows/${h.workflow}`, KEYS.otherAdmin),
    code: 'NOT_FOUND',
  },
  {
    title: "another tenant's freeze",
    send: (h) => request('POST', `/v1/workflows/${h.workflow}/freeze`, KEYS.otherAdmin, { frozen: true, reason: 'x' }),
    code: 'NOT_FOUND',
  },
  {
    title: 'an unknown approval',
    send: () => request('POST', '/v1/approvals/apr_404', KEYS.approver, { answer: 'approve', reason: 'x' }),
    code: 'NOT_FOUND',
  },
  {
    title: 'an approval answered with something truthy',
    send: () => request('POST', '/v1/approvals/apr_1', KEYS.approver, { answer: true, reason: 'x' }),
    code: 'INVALID_CALL',
  },
  {
    title: 'an approval without a reason',
    send: () => request('POST', '/v1/approvals/apr_1', KEYS.approver, { answer: 'approve', reason: '  ' }),
    code: 'INVALID_CALL',
  },
  { title: 'a compressed body', send: headed({ 'content-encoding': 'gzip' }), code: 'UNSUPPORTED_MEDIA_TYPE' },
];
