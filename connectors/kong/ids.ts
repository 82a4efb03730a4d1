import { z } from 'zod';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Kong takes names in their place; they are refused, so that one thing has one name for policies. */
export const id = z.string().regex(UUID, 'a UUID, as Kong shows it');
export const name = z.string().regex(/^[A-Za-z0-9._~-]{1,128}$/, 'letters, digits and ._~-');
export const tags = z.array(z.string().min(1).max(128)).max(50);

/** The new thing's own id: the 32 hexadecimal digits of the action's mark, so that the same action makes the same thing. */
export function idOfAction(actionId: string): string {
  const digits = actionId
    .replace(/[^0-9a-f]/g, '')
    .padStart(32, '0')
    .slice(-32);
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
