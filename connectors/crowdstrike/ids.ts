import { z } from 'zod';

const id = (of: string, pattern: RegExp) => z.string().regex(pattern, `the id of ${of}, as Falcon made it`);
const HEX = /^[0-9a-f]{32}$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** 32 hexadecimal digits [mem]. */
export const deviceId = id('a device', HEX);
export const deviceIds = distinct(deviceId);
export const cid = id('a tenant', HEX);
export const policyId = id('a policy', HEX);
export const workflowId = id('a workflow', HEX);
export const userUuid = id('a user', UUID);
export const sessionId = id('a session', UUID);
export const batchId = id('a batch of sessions', UUID);
export const roleId = z.string().regex(/^[a-z][a-z0-9_-]{1,99}$/, 'the id of a role, as falcon_console_guest');
export const indicatorId = id('an indicator', /^[0-9a-f]{64}$/);
export const quarantineId = id('a quarantined file', /^[0-9a-f]{32}_[0-9a-f]{64}$/);
export const alertId = id('an alert', /^[0-9a-f]{32}:[a-z]+:[0-9a-f]{32}(?::[0-9a-z:-]{1,100})?$/);

/** As many as one call of this connector takes; Falcon takes more. Each once, so that their number is what is touched. */
export function distinct<T extends z.ZodType<string>>(each: T) {
  return z
    .array(each)
    .min(1)
    .max(100)
    .refine((ids) => new Set(ids).size === ids.length, 'each id once');
}
