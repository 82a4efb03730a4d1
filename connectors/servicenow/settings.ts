import { z } from 'zod';
import { secretReference } from '../../src/connector/secret-reference.ts';

/** An instance, and either a user's name and password or an OAuth client's id and secret. */
export const settingsSchema = z
  .strictObject({
    /** `https://<instance>.service-now.com`. */
    origin: z.url({ protocol: /^https?$/ }),
    username: z.string().min(1).optional(),
    password: secretReference().optional(),
    clientId: z.string().min(1).optional(),
    clientSecret: secretReference().optional(),
  })
  .refine(({ username, password, clientId, clientSecret }) => {
    const basic = username !== undefined && password !== undefined;
    const oauth = clientId !== undefined && clientSecret !== undefined;
    const given = [username, password, clientId, clientSecret].filter((value) => value !== undefined);
    return basic !== oauth && given.length === 2;
  }, 'give either username and password or clientId and clientSecret');

export type Settings = z.output<typeof settingsSchema>;
