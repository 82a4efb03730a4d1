import { z } from 'zod';
import type { Enricher } from '../../src/connector/contract.ts';
import { httpFact } from '../../src/connector/http/http-fact.ts';
import { path } from '../../src/connector/http/path.ts';
import { isAbsent } from './read-back.ts';
import { userState } from './user-schema.ts';

const MINUTE_MS = 60_000;

const factors = z.array(z.object({ factorType: z.string(), status: z.string() }));
const risk = z.object({ riskLevel: z.enum(['NONE', 'LOW', 'MEDIUM', 'HIGH']) });
const roles = z.array(z.object({ type: z.string() }));

/** The workflow's user by login or id: Okta takes either. */
export const enrichers: readonly Enricher[] = [
  {
    name: 'userStatus',
    title: "The user's status in the directory, e.g. ACTIVE, SUSPENDED or DEPROVISIONED.",
    type: 'String',
    about: 'user',
    ttlMs: 5 * MINUTE_MS,
    fetch: httpFact({
      request: ({ id }) => ({ method: 'GET', path: path`/api/v1/users/${id}` }),
      isAbsent,
      value: ({ body }) => userState.parse(body).status,
    }),
    evidence: [{ mark: 'spec', source: 'GET /api/v1/users/{id} (getUser): id, login or login shortname; status' }],
  },
  {
    name: 'userFactors',
    title: 'What the user can prove who they are with beside a password, e.g. push or webauthn; only what is active.',
    type: { setOf: 'String' },
    about: 'user',
    ttlMs: 5 * MINUTE_MS,
    fetch: httpFact({
      request: ({ id }) => ({ method: 'GET', path: path`/api/v1/users/${id}/factors` }),
      isAbsent,
      value: ({ body }) => {
        const active = factors.parse(body).filter(({ status }) => status === 'ACTIVE');
        return [...new Set(active.map(({ factorType }) => factorType))].sort();
      },
    }),
    evidence: [{ mark: 'spec', source: 'GET /api/v1/users/{userId}/factors (listFactors): factorType, status' }],
  },
  {
    name: 'userRisk',
    title: 'How risky Okta holds the user: NONE, LOW, MEDIUM or HIGH.',
    type: 'String',
    about: 'user',
    ttlMs: MINUTE_MS,
    fetch: httpFact({
      request: ({ id }) => ({ method: 'GET', path: path`/api/v1/users/${id}/risk` }),
      isAbsent,
      value: ({ body }) => risk.parse(body).riskLevel,
    }),
    evidence: [{ mark: 'spec', source: 'GET /api/v1/users/{userId}/risk (getUserRisk): riskLevel' }],
  },
  {
    name: 'userRoles',
    title: 'The administrator roles that the user has, e.g. SUPER_ADMIN.',
    type: { setOf: 'String' },
    about: 'user',
    ttlMs: 5 * MINUTE_MS,
    fetch: httpFact({
      request: ({ id }) => ({ method: 'GET', path: path`/api/v1/users/${id}/roles` }),
      isAbsent,
      value: ({ body }) => [...new Set(roles.parse(body).map(({ type }) => type))].sort(),
    }),
    evidence: [{ mark: 'spec', source: 'GET /api/v1/users/{userId}/roles (listAssignedRolesForUser)' }],
  },
];
