import { z } from 'zod';
import {
  erasedWorkflow,
  openedSession,
  openedWorkflow,
  undoReport,
  version,
  workflowDetail,
  workflowGraph,
  workflowList,
} from '../answer-schemas.ts';
import { checkClaims } from '../claimed-identity.ts';
import {
  byId,
  bySession,
  endorsementBody,
  eraseBody,
  freezeBody,
  messageBody,
  openBody,
  revokeQuery,
  sessionBody,
  undoBody,
} from '../request-schemas.ts';
import { type Route, route } from '../route.ts';

export const workflowRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/v1/workflows',
    name: 'openWorkflow',
    summary: 'Open a workflow: fix its user, its mandate and its limits. Right `open`.',
    body: openBody,
    status: 201,
    answer: openedWorkflow,
    handle({ interlock, caller, body: { tenant, ...request } }) {
      checkClaims(caller, { tenant });
      return interlock.open(caller, request);
    },
  }),
  route({
    method: 'GET',
    path: '/v1/workflows',
    name: 'listWorkflows',
    summary: 'List the workflows. Right `administer` or `open`.',
    status: 200,
    answer: workflowList,
    handle: async ({ interlock, caller }) => ({ workflows: await interlock.workflows(caller) }),
  }),
  route({
    method: 'GET',
    path: '/v1/workflows/{id}',
    name: 'getWorkflow',
    summary: 'See what a workflow has done so far. Right `administer` or `open`, or one of its agents.',
    params: byId,
    status: 200,
    answer: workflowDetail,
    handle: ({ interlock, caller, params }) => interlock.workflow(caller, params.id),
  }),
  route({
    method: 'GET',
    path: '/v1/workflows/{id}/graph',
    name: 'getWorkflowGraph',
    summary: 'See what a workflow has done as a typed graph, denied attempts included. Rights as for the workflow.',
    params: byId,
    status: 200,
    answer: workflowGraph,
    handle: ({ interlock, caller, params }) => interlock.graph(caller, params.id),
  }),
  route({
    method: 'POST',
    path: '/v1/workflows/{id}/endorsements',
    name: 'endorseLabel',
    summary: 'Take a label away from an agent session; recorded, with the reason. Right `administer`.',
    params: byId,
    body: endorsementBody,
    status: 200,
    answer: version,
    handle({ interlock, caller, params, body: { tenant, ...endorsement } }) {
      checkClaims(caller, { tenant });
      return interlock.endorse(caller, params.id, endorsement);
    },
  }),
  route({
    method: 'POST',
    path: '/v1/workflows/{id}/undo',
    name: 'undoWorkflow',
    summary: 'Take back reversible effects, the latest first, each decided like any action. Right `administer`.',
    params: byId,
    body: undoBody,
    status: 200,
    answer: undoReport,
    handle({ interlock, caller, params, body: { tenant } }) {
      checkClaims(caller, { tenant });
      return interlock.undo(caller, params.id);
    },
  }),
  route({
    method: 'POST',
    path: '/v1/workflows/{id}/sessions',
    name: 'openSession',
    summary: 'Let an agent into the workflow and get its token. Right `open`.',
    params: byId,
    body: sessionBody,
    status: 201,
    answer: openedSession,
    handle({ interlock, caller, params, body: { tenant, ...request } }) {
      checkClaims(caller, { tenant });
      return interlock.openSession(caller, params.id, request);
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/workflows/{id}/sessions/{session}',
    name: 'revokeSession',
    summary:
      'Revoke an agent session, and quarantine what descends from it. Right `administer`, or whoever opened the workflow.',
    params: bySession,
    query: revokeQuery,
    status: 204,
    answer: z.void(),
    handle: ({ interlock, caller, params, query }) =>
      interlock.revokeSession(caller, params.id, params.session, query.reason, query.descendants),
  }),
  route({
    method: 'POST',
    path: '/v1/workflows/{id}/messages',
    name: 'sendMessage',
    summary:
      'Record a message, hand-off or delegation between agents: what one has read, the other may know. An agent.',
    params: byId,
    body: messageBody,
    status: 200,
    answer: version,
    handle({ interlock, caller, params, body: { to, kind, text, ...claims } }) {
      checkClaims(caller, claims);
      return interlock.message(caller, params.id, { to, kind, text });
    },
  }),
  route({
    method: 'POST',
    path: '/v1/workflows/{id}/freeze',
    name: 'freezeWorkflow',
    summary: 'Freeze or thaw a workflow: while it is frozen, everything is denied. Right `administer`.',
    params: byId,
    body: freezeBody,
    status: 200,
    answer: version,
    handle({ interlock, caller, params, body }) {
      checkClaims(caller, { tenant: body.tenant });
      return interlock.freeze(caller, params.id, body.frozen, body.reason);
    },
  }),
  route({
    method: 'POST',
    path: '/v1/workflows/{id}/erase',
    name: 'eraseWorkflow',
    summary: 'Erase what the payloads of a workflow say, and close it; the log still verifies. Right `administer`.',
    params: byId,
    body: eraseBody,
    status: 200,
    answer: erasedWorkflow,
    handle({ interlock, caller, params, body: { tenant, ...request } }) {
      checkClaims(caller, { tenant });
      return interlock.erase(caller, params.id, request);
    },
  }),
];
