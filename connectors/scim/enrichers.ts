import type { Enricher } from '../../src/connector/contract.ts';
import { httpFact } from '../../src/connector/http/http-fact.ts';
import { path } from '../../src/connector/http/path.ts';
import { rfc } from './evidence.ts';
import { scimId } from './resources.ts';
import { parseUser } from './user-schema.ts';
import { isAbsent, type Service, scimCall } from './wire.ts';

/** About accounts that are acted on; the workflow's user has another name in this service. */
export function enrichersOf({ base }: Service): readonly Enricher[] {
  const fetch = httpFact({
    // Nothing is known of all users together.
    isSubject: (id) => scimId.safeParse(id).success,
    request: ({ id }) => scimCall({ method: 'GET', path: `${base}${path`/Users/${id}`}` }),
    isAbsent,
    value: ({ body }) => parseUser(body)?.active ?? undefined,
  });
  return [
    {
      name: 'accountActive',
      title: 'Whether the account that is acted on is active.',
      type: 'Bool',
      about: ['Scim::User'],
      ttlMs: 300_000,
      fetch,
      evidence: [rfc('RFC 7643 §4.1.1: active')],
    },
  ];
}
