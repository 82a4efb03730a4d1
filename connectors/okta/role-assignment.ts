import { z } from 'zod';
import type { Execute, Probe } from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { roleAssignmentId } from './ids.ts';
import { readBack, undetermined } from './read-back.ts';
import { ROLE_REACHES, reachOf } from './role-reach.ts';

/** What an assignment to a user and one to a group have in common. */
export const roleGrant = {
  /** A type of the spec's RoleType; others are accepted and count as the worst. */
  type: z.string().regex(/^[A-Z][A-Z0-9_]{1,63}$/, 'a role type, as SUPER_ADMIN'),
  /** For CUSTOM only: the custom role, and the resource set it is for. */
  role: roleAssignmentId.optional(),
  resourceSet: roleAssignmentId.optional(),
  /** Okta's `disableNotifications`: it makes the holder an admin from outside the organisation [spec]. */
  thirdPartyAdmin: z.boolean().default(false),
};

interface RoleGrant {
  readonly type: string;
  readonly role?: string | undefined;
  readonly resourceSet?: string | undefined;
  readonly thirdPartyAdmin: boolean;
}

/** CUSTOM needs a role and a resource set; no other type takes them. */
export function isWholeGrant({ type, role, resourceSet }: RoleGrant): boolean {
  return type === 'CUSTOM'
    ? role !== undefined && resourceSet !== undefined
    : role === undefined && resourceSet === undefined;
}

export const WHOLE_GRANT = { error: 'CUSTOM needs role and resourceSet; other types take neither', path: ['type'] };

export const roleFacets = {
  schema: z.object({ roleReach: z.enum(ROLE_REACHES) }),
  of: ({ type }: RoleGrant) => ({ roleReach: reachOf(type) }),
};

const text = z.string().nullish();
export const roleAssignment = z.object({
  id: z.string(),
  type: z.string(),
  label: text,
  status: text,
  assignmentType: text,
  role: text,
  'resource-set': text,
});

export function grantExecution<P>(pathOf: (input: P) => string): Execute<P & RoleGrant> {
  return httpExecution<P & RoleGrant>({
    request: (input) => ({
      method: 'POST',
      path: pathOf(input),
      query: { disableNotifications: input.thirdPartyAdmin },
      body: bodyOf(input),
    }),
    repeatable: false,
    result: (reply) => reply.body ?? {},
  });
}

function bodyOf({ type, role, resourceSet }: RoleGrant) {
  return role === undefined || resourceSet === undefined ? { type } : { type, role, 'resource-set': resourceSet };
}

/** An assignee holds a role at most once (E0000090), so the assignments tell whether this one is there. */
export function grantProbe<P>(pathOf: (input: P) => string): Probe<P & RoleGrant> {
  return async (input, context) => {
    const answer = await readBack({ path: pathOf(input) }, context);
    const held = answer.ok ? z.array(roleAssignment).safeParse(answer.reply.body) : undefined;
    if (held?.success !== true) return undetermined(answer);
    const found = held.data.find((assignment) => isOf(input, assignment));
    return found === undefined ? { status: 'not-applied' } : { status: 'applied', result: found };
  };
}

function isOf({ type, role, resourceSet }: RoleGrant, assignment: z.output<typeof roleAssignment>): boolean {
  if (type !== assignment.type) return false;
  return type !== 'CUSTOM' || (role === assignment.role && resourceSet === assignment['resource-set']);
}

export const UNGRANT_UNDO = {
  none: 'What the role was limited to is lost with its assignment, so assigning it again could give more than was taken.',
};

export const GRANT_REPEAT = {
  class: 'at-most-once',
  evidence: { mark: 'doc', source: 'error codes: E0000090, 409, "The role specified is already assigned to the user"' },
} as const;
