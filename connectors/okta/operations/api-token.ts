import { z } from 'zod';
import { writeOperation } from '../../../src/connector/contract.ts';
import { path } from '../../../src/connector/http/path.ts';
import { deleteOnce } from '../delete-once.ts';
import { change } from '../effects.ts';
import { apiTokenId } from '../ids.ts';

const tokenPath = ({ apiTokenId }: { readonly apiTokenId: string }) => path`/api/v1/api-tokens/${apiTokenId}`;

const revokeToken = writeOperation({
  ...deleteOnce(tokenPath),
  name: 'okta.api-token.revoke',
  description: 'Revokes an API token. Whatever runs with it stops, Interlock itself if the token is its own.',
  input: z.strictObject({ apiTokenId }),
  resourceTypes: ['Okta::ApiToken'],
  resources: ({ apiTokenId }) => [{ type: 'Okta::ApiToken', id: apiTokenId }],
  effect: () => change('delete', { reversible: 'no' }),
  effectKinds: ['delete'],
  undo: { none: 'A revoked token is dead; a new one has another value.' },
  evidence: [{ mark: 'spec', source: 'DELETE /api/v1/api-tokens/{apiTokenId} (revokeApiToken)' }],
});

export const apiTokenOperations = [revokeToken] as const;
