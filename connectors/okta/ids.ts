import { z } from 'zod';

const id = (of: string, pattern: RegExp) => z.string().regex(pattern, `the id of ${of}, as Okta made it`);

/**
 * A user's own id. The API also takes logins, short names and `me` (the owner of the token) in its place; they are
 * refused, so that one person has one name for policies. 20 characters [spec, examples], beginning with 00u [mem].
 */
export const userId = id('a user', /^00u[0-9A-Za-z_-]{17}$/);

// 20 characters in the spec's examples, 24 for role assignments; no alias of any of them is documented.
const OPAQUE = /^[0-9A-Za-z_-]{16,32}$/;

export const groupId = id('a group', OPAQUE);
export const roleAssignmentId = id('a role assignment', OPAQUE);
export const appId = id('an application', OPAQUE);
export const policyId = id('a policy', OPAQUE);
export const apiTokenId = id('an API token', OPAQUE);
