import { z } from 'zod';

const id = (letters: string, of: string) =>
  z.string().regex(new RegExp(`^[${letters}][A-Z0-9]{7,20}$`), `the id of ${of}, as Slack shows it`);

/** Names as `#general` are refused, so that one channel has one name for policies. */
export const channelId = id('CGD', 'a conversation');
export const userId = id('UW', 'a user');
export const usergroupId = id('S', 'a user group');
export const fileId = id('F', 'a file');
export const teamId = id('TE', 'a workspace');
/** When a message was posted: its name within its channel. */
export const timestamp = z.string().regex(/^\d{10}\.\d{6}$/, 'the ts of a message');
export const cursor = z.string().min(1).max(512);
