import { z } from 'zod';
import { secretReference } from '../../src/connector/secret-reference.ts';
import { customObject, fieldName, objectName } from './fields.ts';

/** One org, and one of two ways in which a connected app proves who is calling. */
export const salesforceSettings = z
  .strictObject({
    /** The org's My Domain, `https://<name>.my.salesforce.com`; a sandbox has `--<sandbox>.sandbox.my.salesforce.com`. */
    origin: z.url(),
    /** Versions 31 to 67 are supported [doc]; a retired one answers 410. */
    version: z
      .string()
      .regex(/^\d{2}\.0$/, 'a version, as 67.0')
      .default('67.0'),
    /** The connected app's consumer key. */
    clientId: z.string().min(1),
    /** Client credentials: the consumer secret. */
    clientSecret: secretReference().optional(),
    /** JWT bearer: the app's private key as PEM, and the user as whom it acts. */
    privateKey: secretReference().optional(),
    username: z.string().min(1).optional(),
    /** What the assertion is for: `https://test.salesforce.com` for a sandbox. */
    audience: z.url().default('https://login.salesforce.com'),
    /** Custom objects that hold plain data. Every other custom object counts as the worst that is possible. */
    dataObjects: z.array(customObject).max(500).default([]),
    /** By object, the text field that takes the mark of the action that creates a record, so that it can be found again. */
    markerFields: z.record(objectName, fieldName).default({}),
  })
  .superRefine(({ clientSecret, privateKey, username }, context) => {
    if ((clientSecret === undefined) === (privateKey === undefined))
      context.addIssue({ code: 'custom', path: ['clientSecret'], message: 'give either clientSecret or privateKey' });
    if ((privateKey === undefined) !== (username === undefined))
      context.addIssue({ code: 'custom', path: ['username'], message: 'a privateKey and a username go together' });
  });

export type SalesforceSettings = z.output<typeof salesforceSettings>;
