import { z } from 'zod';
import type { Effect } from '../../src/action/effect.ts';
import { writeOperation } from '../../src/connector/contract.ts';
import { httpExecution } from '../../src/connector/http/http-execution.ts';
import { path } from '../../src/connector/http/path.ts';
import { oneName } from './ids.ts';
import { ref } from './resources.ts';

/** [spec] TemporaryCredentials. */
const output = z.object({
  aws_temp_credentials: z
    .object({ access_key_id: z.string(), secret_access_key: z.string(), session_token: z.string().optional() })
    .nullish(),
  azure_user_delegation_sas: z.object({ sas_token: z.string() }).nullish(),
  gcp_oauth_token: z.object({ oauth_token: z.string() }).nullish(),
  expiration_time: z.int().optional(),
  url: z.string().optional(),
});

/** Whoever holds it reads, or writes, past Unity Catalog and past Interlock until it expires. */
const HANDED_OUT: Effect = { kind: 'privilege', reversible: 'no', external: true, privileged: true, count: 1 };

const shared = {
  output,
  labels: () => ['secret'],
  effect: () => HANDED_OUT,
  effectKinds: ['privilege'],
  repeat: {
    class: 'at-most-once',
    evidence: { mark: 'spec', source: 'every call makes another credential' },
  },
  undo: { none: 'A credential that was handed out works until it expires.' },
} as const;

const vendTable = writeOperation({
  ...shared,
  name: 'unity-catalog.table-credential.vend',
  description:
    'Hands out a temporary cloud credential for the files of a table: what is done with it, nobody here sees.',
  input: z.strictObject({
    table_id: z.string().regex(/^[A-Za-z0-9-]{1,64}$/),
    operation: z.enum(['READ', 'READ_WRITE']),
  }),
  resourceTypes: ['UnityCatalog::Table'],
  resources: ({ table_id }) => [ref('UnityCatalog::Table', table_id)],
  provenance: { arguments: { table_id: 'target', operation: 'credential' } },
  execute: httpExecution({
    request: (body) => ({ method: 'POST', path: '/api/2.1/unity-catalog/temporary-table-credentials', body }),
    repeatable: false,
    result: ({ body }) => body,
  }),
  evidence: [{ mark: 'spec', source: 'POST /temporary-table-credentials {table_id, operation}' }],
});

const vendPath = writeOperation({
  ...shared,
  name: 'unity-catalog.path-credential.vend',
  description:
    'Hands out a temporary cloud credential for a path of cloud storage: what is done with it, nobody here sees.',
  input: z.strictObject({
    url: z
      .string()
      .max(2_048)
      .regex(/^(?:s3|abfss?|gs):\/\/[^\s?#\\]+$/, 'an address of cloud storage, as s3://bucket/path'),
    operation: z.enum(['PATH_READ', 'PATH_READ_WRITE', 'PATH_CREATE_TABLE']),
  }),
  resourceTypes: ['UnityCatalog::Location'],
  resources: ({ url }) => [ref('UnityCatalog::Location', url)],
  provenance: { arguments: { url: 'target', operation: 'credential' } },
  execute: httpExecution({
    request: (body) => ({ method: 'POST', path: '/api/2.1/unity-catalog/temporary-path-credentials', body }),
    repeatable: false,
    result: ({ body }) => body,
  }),
  evidence: [{ mark: 'spec', source: 'POST /temporary-path-credentials {url, operation}' }],
});

const rotateRecipient = writeOperation({
  name: 'unity-catalog.recipient.rotate-token',
  description:
    'Makes a new token for a recipient outside, and says for how long the old one still works; 0 cuts it off at once.',
  input: z.strictObject({ name: oneName, existing_token_expire_in_seconds: z.int().min(0).max(31_536_000) }),
  output: z.object({
    name: z.string(),
    tokens: z
      .array(z.object({ id: z.string(), activation_url: z.string().optional(), expiration_time: z.int().optional() }))
      .default([]),
  }),
  resourceTypes: ['UnityCatalog::Recipient'],
  resources: ({ name }) => [ref('UnityCatalog::Recipient', name)],
  labels: () => ['secret'],
  provenance: { arguments: { name: 'target', existing_token_expire_in_seconds: 'date' } },
  effect: () => HANDED_OUT,
  effectKinds: ['privilege'],
  repeat: {
    class: 'at-most-once',
    evidence: { mark: 'sdk', source: 'recipients.rotate_token makes another token each time' },
  },
  execute: httpExecution({
    request: ({ name, ...body }) => ({
      method: 'POST',
      path: path`/api/2.1/unity-catalog/recipients/${name}/rotate-token`,
      body,
    }),
    repeatable: false,
    result: ({ body }) => body,
  }),
  undo: { none: 'The token before cannot be made again.' },
  evidence: [
    {
      mark: 'sdk',
      source: 'recipients.rotate_token: POST /recipients/{name}/rotate-token {existing_token_expire_in_seconds}',
    },
  ],
});

export const credentialOperations = [vendTable, vendPath, rotateRecipient] as const;
