import { matcherOf } from './matches.ts';
import { happened, type Route, type SimulatedCall } from './org.ts';
import { empty, ok, pageOf, refuse } from './replies.ts';

const notFound = ({ ids }: SimulatedCall, kind: string) =>
  refuse('E0000007', `Resource not found: ${ids[0]} (${kind})`);

const readApp: Route['handle'] = (call) => {
  const id = call.ids[0] ?? '';
  const status = call.org.apps.get(id);
  return status === undefined ? notFound(call, 'AppInstance') : ok({ id, status, label: id, signOnMode: 'SAML_2_0' });
};

const deactivateApp: Route['handle'] = (call) => {
  const id = call.ids[0] ?? '';
  if (!call.org.apps.has(id)) return notFound(call, 'AppInstance');
  call.org.apps.set(id, 'INACTIVE');
  happened(call, {
    effect: 'app.deactivate',
    eventType: 'application.lifecycle.deactivate',
    target: { id, type: 'AppInstance' },
  });
  return ok({});
};

const deleteApp: Route['handle'] = (call) => {
  const id = call.ids[0] ?? '';
  const status = call.org.apps.get(id);
  if (status === undefined) return notFound(call, 'AppInstance');
  if (status === 'ACTIVE') return refuse('E0000056', 'Only an inactive application can be deleted.');
  call.org.apps.delete(id);
  happened(call, {
    effect: 'app.delete',
    eventType: 'application.lifecycle.delete',
    target: { id, type: 'AppInstance' },
  });
  return empty();
};

const readPolicy: Route['handle'] = (call) => {
  const id = call.ids[0] ?? '';
  return call.org.policies.has(id)
    ? ok({ id, type: 'OKTA_SIGN_ON', name: id, status: 'ACTIVE' })
    : notFound(call, 'Policy');
};

const deletePolicy: Route['handle'] = (call) => {
  const id = call.ids[0] ?? '';
  if (!call.org.policies.delete(id)) return notFound(call, 'Policy');
  happened(call, { effect: 'policy.delete', eventType: 'policy.lifecycle.delete', target: { id, type: 'Policy' } });
  return empty();
};

const readToken: Route['handle'] = (call) => {
  const id = call.ids[0] ?? '';
  const token = call.org.apiTokens.get(id);
  return token === undefined ? notFound(call, 'ApiToken') : ok({ id, ...token });
};

const revokeToken: Route['handle'] = (call) => {
  const id = call.ids[0] ?? '';
  if (!call.org.apiTokens.delete(id)) return notFound(call, 'ApiToken');
  happened(call, { effect: 'api-token.revoke', eventType: 'system.api_token.revoke', target: { id, type: 'Token' } });
  return empty();
};

const searchLog: Route['handle'] = (call) => {
  const { query } = call.request;
  const filter = query.get('filter');
  const matches = filter === null ? () => true : matcherOf(filter);
  if (matches === undefined) return refuse('E0000031', filter ?? '');
  const [since, until] = [query.get('since') ?? '', query.get('until') ?? '9999'];
  const found = call.org.log.filter(
    (event) => matches(event) && String(event['published']) >= since && String(event['published']) < until,
  );
  return pageOf(query.get('sortOrder') === 'DESCENDING' ? found.toReversed() : found, call);
};

export const otherRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/v1/apps/{appId}', handle: readApp },
  { method: 'DELETE', path: '/api/v1/apps/{appId}', handle: deleteApp },
  { method: 'POST', path: '/api/v1/apps/{appId}/lifecycle/deactivate', handle: deactivateApp },
  { method: 'GET', path: '/api/v1/policies/{policyId}', handle: readPolicy },
  { method: 'DELETE', path: '/api/v1/policies/{policyId}', handle: deletePolicy },
  { method: 'GET', path: '/api/v1/api-tokens/{apiTokenId}', handle: readToken },
  { method: 'DELETE', path: '/api/v1/api-tokens/{apiTokenId}', handle: revokeToken },
  { method: 'GET', path: '/api/v1/logs', handle: searchLog },
];
