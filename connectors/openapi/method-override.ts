import type { JsonObjectSchema } from '../../src/connector/intake/input-schema.ts';
import { isJsonObject } from '../../src/lib/json.ts';

/**
 * By these in the query or the body some servers take a request for one of another method: `_method` with Rack, Symfony,
 * Laravel and Express, `_HttpMethod` with Salesforce, and the names of the headers. What was accepted is the method it has.
 */
export const OVERRIDES_METHOD = /^(?:_(?:http_?)?method|x-http-method(?:-override)?|x-method-override)$/i;

/** The schema, which takes no body that says so. Parameters that do are none to begin with. */
export function ofItsMethodOnly(input: JsonObjectSchema): JsonObjectSchema {
  return input.refine(
    ({ body }) => !isJsonObject(body) || !Object.keys(body).some((name) => OVERRIDES_METHOD.test(name)),
    {
      path: ['body'],
      message: 'a field of it makes a request of another method for some servers',
    },
  );
}
