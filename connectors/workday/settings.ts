import { z } from 'zod';
import { secretReference } from '../../src/connector/secret-reference.ts';
import { workdayId } from './fields.ts';

/** One Workday tenant and the API client that Interlock uses there (Workday: Register API Client for Integrations). */
export const workdaySettings = z
  .strictObject({
    /** The tenant's REST host, e.g. `https://wd2-impl-services1.workday.com`. */
    origin: z.url(),
    tenant: z.string().regex(/^[a-z0-9_-]{1,64}$/i, 'a tenant is one word, as in the URL of its REST endpoint'),
    /** `refresh-token` is what Workday gives an API client for integrations. */
    grant: z.enum(['client-credentials', 'refresh-token']),
    clientId: z.string().min(1),
    clientSecret: secretReference(),
    /** For the grant `refresh-token`. */
    refreshToken: secretReference().optional(),
    /** The integration user of the Staffing web service; without one its operations are not there. */
    soapUsername: z
      .string()
      .regex(/^[^\s@]{1,128}$/, 'the name without @tenant')
      .optional(),
    soapPassword: secretReference().optional(),
    soapVersion: z
      .string()
      .regex(/^v\d{2}\.\d$/, 'a version, as v44.0')
      .default('v44.0'),
    /**
     * Types of payroll input lines whose value is money in the input's currency. A line of any other type may be hours
     * or a rate, so that nobody can say what it costs: its effect has no amount and is privileged.
     */
    payrollAmountTypes: z.array(workdayId).default([]),
  })
  .refine((settings) => settings.grant !== 'refresh-token' || settings.refreshToken !== undefined, {
    path: ['refreshToken'],
    error: 'the grant refresh-token needs a refresh token',
  })
  .refine((settings) => (settings.soapUsername === undefined) === (settings.soapPassword === undefined), {
    path: ['soapPassword'],
    error: 'soapUsername and soapPassword go together',
  });

export type WorkdaySettings = z.output<typeof workdaySettings>;
