import { z } from 'zod';

/**
 * The object id of a user, group, application or service principal: a GUID as Graph writes it. Graph also takes user
 * principal names, `me` and `appId='…'` in its place; they are refused, so that one thing has one name for policies.
 */
export const objectId = z
  .string()
  .regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'an object id: a GUID in lower case');

/** Role assignments, permission grants and app role assignments have ids of base64url [doc, examples]. */
export const opaqueId = z.string().regex(/^[0-9A-Za-z_-]{16,128}$/, 'an id, as Graph made it');

/** `/` is the whole tenant; else one administrative unit or one object. */
export const directoryScope = z
  .string()
  .regex(
    /^\/(?:(?:administrativeUnits\/)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})?$/,
    '/, /administrativeUnits/{id} or /{id}',
  );
