import { z } from 'zod';
import type { Enricher } from '../../src/connector/contract.ts';
import { httpFact } from '../../src/connector/http/http-fact.ts';
import { path } from '../../src/connector/http/path.ts';
import { call } from './call.ts';
import { spec } from './evidence.ts';
import { isNotFound } from './read-back.ts';

const about = z.object({ visibility: z.enum(['public', 'private', 'internal']), archived: z.boolean().default(false) });

const MINUTE_MS = 60_000;

/** The id of a repository is `owner/name`. */
function repositoryPath(id: string): string {
  const [owner = '', name = ''] = id.split('/');
  return path`/repos/${owner}/${name}`;
}

/** What a call does not say, and decides how far it can be seen. */
export const enrichers: readonly Enricher[] = [
  {
    name: 'repositoryVisibility',
    title: 'Whether the repository is public, private or internal.',
    type: 'String',
    about: ['GitHub::Repository'],
    ttlMs: 10 * MINUTE_MS,
    fetch: httpFact({
      request: ({ id }) => call('GET', repositoryPath(id)),
      isAbsent: isNotFound,
      value: ({ body }) => about.parse(body).visibility,
    }),
    evidence: [spec('GET /repos/{owner}/{repo} (repos/get): visibility')],
  },
];
