import { z } from 'zod';

/** Ids are opaque: letters, digits and dashes. */
export const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{5,63}$/, 'an id, as Talkdesk shows it');
export const phoneNumber = z.string().regex(/^\+[1-9]\d{6,14}$/, 'a number in E.164, as +12025550123');
