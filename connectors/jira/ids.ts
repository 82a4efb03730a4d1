import { z } from 'zod';

/** Keys alone, so that one issue has one name for policies. */
export const issueKey = z.string().regex(/^[A-Z][A-Z0-9_]{1,19}-[1-9]\d{0,9}$/, 'the key of an issue, as BILL-12');
export const projectKey = z.string().regex(/^[A-Z][A-Z0-9_]{1,19}$/, 'the key of a project, as BILL');
export const accountId = z.string().regex(/^[A-Za-z0-9:_-]{1,128}$/, 'the account id of a user');
export const groupId = z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'the id of a group');
export const numericId = z.string().regex(/^[1-9]\d{0,17}$/, 'a number, as text');
