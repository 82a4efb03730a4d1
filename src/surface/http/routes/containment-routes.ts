import { freezeList, quarantined, version } from '../answer-schemas.ts';
import { checkClaims } from '../claimed-identity.ts';
import { byId, quarantineBody, releaseBody, scopeFreezeBody } from '../request-schemas.ts';
import { type Route, route } from '../route.ts';

/** What stops agents, systems, tenants, and whatever descends from something that went wrong. */
export const containmentRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/v1/freezes',
    name: 'listFreezes',
    summary: 'List what is frozen beside single workflows. Right `administer`.',
    status: 200,
    answer: freezeList,
    handle: ({ interlock, caller }) => interlock.freezes(caller),
  }),
  route({
    method: 'POST',
    path: '/v1/freezes',
    name: 'setFreeze',
    summary: 'Freeze or thaw an agent, a system or the whole tenant, in every workflow. Right `administer`.',
    body: scopeFreezeBody,
    status: 200,
    answer: freezeList,
    handle({ interlock, caller, body: { tenant, ...request } }) {
      checkClaims(caller, { tenant });
      return interlock.setFreeze(caller, request);
    },
  }),
  route({
    method: 'POST',
    path: '/v1/workflows/{id}/quarantine',
    name: 'quarantine',
    summary: 'Deny from now on whatever had something of a session or of an action. Right `administer`.',
    params: byId,
    body: quarantineBody,
    status: 200,
    answer: quarantined,
    handle({ interlock, caller, params, body: { tenant, ...request } }) {
      checkClaims(caller, { tenant });
      return interlock.quarantine(caller, params.id, request);
    },
  }),
  route({
    method: 'POST',
    path: '/v1/workflows/{id}/release',
    name: 'release',
    summary: 'Let a quarantined session or record be used again. Right `administer`.',
    params: byId,
    body: releaseBody,
    status: 200,
    answer: version,
    handle({ interlock, caller, params, body: { tenant, ...request } }) {
      checkClaims(caller, { tenant });
      return interlock.release(caller, params.id, request);
    },
  }),
];
