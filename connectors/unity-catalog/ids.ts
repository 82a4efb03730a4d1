import { z } from 'zod';

// What is a name's own: no dots (they join names), no slashes, no control characters [spec: object names].
const NAME = '[^\\u0000-\\u001f\\u007f ./]{1,255}';

/** One name, as of a catalog. */
export const oneName = z.string().regex(new RegExp(`^${NAME}$`), 'a name without dots, slashes and spaces');
/** `catalog.schema`. */
export const twoNames = z.string().regex(new RegExp(`^${NAME}\\.${NAME}$`), 'catalog.schema');
/** `catalog.schema.thing`. */
export const threeNames = z.string().regex(new RegExp(`^${NAME}\\.${NAME}\\.${NAME}$`), 'catalog.schema.name');
/** One to three names: which kind of securable it is says how many. */
export const fullName = z.string().regex(new RegExp(`^${NAME}(?:\\.${NAME}){0,2}$`), 'names joined by dots');
/** A user's address, a group's name or the application id of a service principal. */
export const principal = z.string().min(1).max(255);
/** Of a run: more than a number of JavaScript can hold would be another one. */
export const numericId = z.int().min(1);
