import type { SimulatorResponse } from '../../../src/connector/simulator/create-simulator.ts';
import { happened, type Route, type SimulatedCall, type SimulatedUser } from './org.ts';
import { empty, ok, refuse } from './replies.ts';
import { begin, onUser, targetOf } from './users.ts';
import { userView } from './views.ts';

function activate(user: SimulatedUser, call: SimulatedCall): SimulatorResponse {
  if (user.status !== 'STAGED' && user.status !== 'DEPROVISIONED') return refuse('E0000016');
  begin(user, { call, to: user.hasPassword ? 'ACTIVE' : 'PROVISIONED', verb: 'activate' });
  if (call.request.query.get('sendEmail') !== 'false') return ok({});
  const activationToken = call.world.id().slice(0, 20);
  return ok({ activationToken, activationUrl: `https://simulated.example/tokens/${activationToken}/verify` });
}

function deactivate(user: SimulatedUser, call: SimulatedCall): SimulatorResponse {
  // What Okta says of one who is deactivated already [3rd: okta-sdk-java issue 721].
  if (user.status === 'DEPROVISIONED') return refuse('E0000007', `Resource not found: ${user.id} (User)`);
  begin(user, { call, to: 'DEPROVISIONED', verb: 'deactivate' });
  return ok({});
}

function suspend(user: SimulatedUser, call: SimulatedCall): SimulatorResponse {
  if (user.status !== 'ACTIVE') return refuse('E0000001', 'Cannot suspend a user that is not active');
  begin(user, { call, to: 'SUSPENDED', verb: 'suspend' });
  return ok({});
}

function unsuspend(user: SimulatedUser, call: SimulatedCall): SimulatorResponse {
  if (user.status !== 'SUSPENDED') return refuse('E0000001', 'Cannot unsuspend a user that is not suspended');
  begin(user, { call, to: 'ACTIVE', verb: 'unsuspend' });
  return ok({});
}

function resetFactors(user: SimulatedUser, call: SimulatedCall): SimulatorResponse {
  user.factors = [];
  happened(call, { effect: 'user.reset-factors', eventType: 'user.mfa.factor.reset_all', target: targetOf(user) });
  return ok({});
}

const WITHOUT_PASSWORD: readonly string[] = ['STAGED', 'SUSPENDED', 'DEPROVISIONED'];

function resetPassword(user: SimulatedUser, call: SimulatedCall): SimulatorResponse {
  const sendEmail = call.request.query.get('sendEmail');
  if (sendEmail === null) return refuse('E0000028', 'sendEmail');
  if (WITHOUT_PASSWORD.includes(user.status)) return refuse('E0000038');
  begin(user, { call, to: 'RECOVERY', verb: 'reset-password' });
  if (sendEmail === 'true') return ok({});
  return ok({ resetPasswordUrl: `https://simulated.example/signin/reset-password/${call.world.id().slice(0, 20)}` });
}

function expirePassword(user: SimulatedUser, call: SimulatedCall): SimulatorResponse {
  if (WITHOUT_PASSWORD.includes(user.status)) return refuse('E0000038');
  begin(user, { call, to: 'PASSWORD_EXPIRED', verb: 'expire-password' });
  return ok(userView(user));
}

function clearSessions(user: SimulatedUser, call: SimulatedCall): SimulatorResponse {
  // Whoever has no session keeps none: nothing happened.
  if (user.sessions === 0) return empty();
  user.sessions = 0;
  happened(call, { effect: 'user.clear-sessions', eventType: 'user.session.clear', target: targetOf(user) });
  return empty();
}

const post = (verb: string, handle: (user: SimulatedUser, call: SimulatedCall) => SimulatorResponse): Route => ({
  method: 'POST',
  path: `/api/v1/users/{id}/lifecycle/${verb}`,
  handle: onUser(handle),
});

export const lifecycleRoutes: readonly Route[] = [
  post('activate', activate),
  post('deactivate', deactivate),
  post('suspend', suspend),
  post('unsuspend', unsuspend),
  post('reset_factors', resetFactors),
  post('reset_password', resetPassword),
  post('expire_password', expirePassword),
  { method: 'DELETE', path: '/api/v1/users/{userId}/sessions', handle: onUser(clearSessions) },
  // What Okta holds of it comes from signals of others, which are not simulated.
  { method: 'GET', path: '/api/v1/users/{userId}/risk', handle: onUser(() => ok({ riskLevel: 'NONE' })) },
  { method: 'GET', path: '/api/v1/users/{userId}/factors', handle: onUser((user) => ok(user.factors)) },
];
