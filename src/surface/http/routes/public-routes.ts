import { z } from 'zod';
import { asInterlockError, ERRORS, InterlockError } from '../../../lib/errors.ts';
import { errorEntry, status } from '../answer-schemas.ts';
import { errorCode } from '../problem.ts';
import { publicRoute, type Route } from '../route.ts';

/** What needs no credential, because it tells nothing about anybody. */
export const publicRoutes: readonly Route[] = [
  publicRoute({
    method: 'GET',
    path: '/livez',
    name: 'isAlive',
    summary: 'The process runs.',
    status: 200,
    answer: status,
    handle: () => ({ status: 'ok' }),
  }),
  publicRoute({
    method: 'GET',
    path: '/readyz',
    name: 'isReady',
    summary: 'Actions can be decided and recorded.',
    status: 200,
    answer: status,
    async handle({ interlock }) {
      try {
        await interlock.ready();
      } catch (cause) {
        // The code without the detail: whoever asks has shown no credential.
        throw new InterlockError(asInterlockError(cause).code, undefined, { cause });
      }
      return { status: 'ok' };
    },
  }),
  publicRoute({
    method: 'GET',
    path: '/errors/{code}',
    name: 'describeError',
    summary: 'What an error code means and what to do about it.',
    params: z.strictObject({ code: errorCode }),
    status: 200,
    answer: errorEntry,
    handle: ({ params: { code } }) => ({ code, ...ERRORS[code] }),
  }),
];
