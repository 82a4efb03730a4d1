import { z } from 'zod';
import type { ExecutionContext, ProbeResult } from '../../../src/connector/contract.ts';
import { readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { once, spec } from '../evidence.ts';
import { pageSize, vendorId } from '../ids.ts';
import { removalOperation } from '../removal.ts';
import { catalogOf } from '../resources.ts';
import { basePathOf, type ModelsSettings } from '../settings.ts';

/** [spec] AdminApiKey. Its value, which the vendor shows once, is a secret, and no field of ours. */
const adminKey = z.object({
  id: z.string(),
  name: z.string().nullish(),
  redacted_value: z.string(),
  created_at: z.int(),
  last_used_at: z.int().nullish(),
});

const project = z.object({ id: z.string(), name: z.string().nullish(), status: z.string() });

/** What administers the organisation at the provider: it needs an admin key, so an instance of the connector of its own. */
export function organizationOperations(settings: ModelsSettings) {
  const base = `${basePathOf(settings)}/organization`;
  const listKeys = readOperation({
    name: 'models.admin-api-key.list',
    description: 'Lists the keys that administer the organisation, redacted.',
    input: z.strictObject({ limit: pageSize, after: vendorId.optional() }),
    output: z.object({ data: z.array(adminKey), has_more: z.boolean() }),
    resourceTypes: ['Models::Catalog'],
    resources: () => catalogOf('admin-api-keys'),
    labels: () => ['security'],
    provenance: { returns: { default: 'system', fields: { 'data[*].name': 'others' } } },
    execute: httpExecution({
      request: (query) => ({ method: 'GET', path: `${base}/admin_api_keys`, query }),
      repeatable: true,
      result: ({ body }) => body,
    }),
    evidence: [spec('GET /organization/admin_api_keys (admin-api-keys-list)')],
  });
  const createKey = writeOperation({
    name: 'models.admin-api-key.create',
    description:
      'Makes a key that may administer the whole organisation. Its value is kept from the answer and the log.',
    input: z.strictObject({
      name: z.string().min(1).max(128),
      expires_in_seconds: z.int().min(1).max(31_536_000).optional(),
    }),
    output: adminKey,
    resourceTypes: ['Models::AdminKey'],
    resources: ({ name }) => [{ type: 'Models::AdminKey', id: name }],
    touched: ({ id }) => [{ type: 'Models::AdminKey', id }],
    provenance: { arguments: { name: 'content', expires_in_seconds: 'flag' }, returns: { default: 'system' } },
    effect: () => ({ kind: 'privilege', reversible: 'operation', external: false, privileged: true, count: 1 }),
    effectKinds: ['privilege'],
    repeat: once('POST /organization/admin_api_keys'),
    execute: httpExecution({
      request: (input) => ({ method: 'POST', path: `${base}/admin_api_keys`, body: input as JsonObject }), // the schema's own fields
      repeatable: false,
      result: ({ body }) => adminKey.parse(body),
    }),
    undo: (_input, result) => {
      const made = adminKey.safeParse(result).data;
      return made && { operation: 'models.admin-api-key.delete', input: { keyId: made.id } };
    },
    evidence: [spec('POST /organization/admin_api_keys (admin-api-keys-create)')],
  });
  const removeKey = removalOperation({
    name: 'models.admin-api-key.delete',
    description: 'Revokes a key that administers the organisation; whoever uses it is locked out.',
    key: 'keyId',
    id: vendorId,
    resourceType: 'Models::AdminKey',
    pathOf: (id) => base + path`/admin_api_keys/${id}`,
    privileged: true,
    none: 'A revoked key never works again; a new one has another value.',
    source: 'DELETE /organization/admin_api_keys/{key_id} (admin-api-keys-delete)',
  });
  const archive = writeOperation({
    name: 'models.project.archive',
    description: 'Archives a project for good: its keys stop working.',
    input: z.strictObject({ projectId: vendorId }),
    output: project,
    resourceTypes: ['Models::Project'],
    resources: ({ projectId }) => [{ type: 'Models::Project', id: projectId }],
    provenance: { arguments: { projectId: 'target' }, returns: { default: 'system' } },
    effect: () => ({ kind: 'delete', reversible: 'no', external: false, privileged: true, count: 1 }),
    effectKinds: ['delete'],
    repeat: once('POST /organization/projects/{project_id}/archive'),
    execute: httpExecution({
      request: ({ projectId }) => ({ method: 'POST', path: base + path`/projects/${projectId}/archive` }),
      repeatable: false,
      result: ({ body }) => body,
    }),
    probe: ({ projectId }, context) => probeArchived(base + path`/projects/${projectId}`, context),
    undo: { none: '"Archived projects cannot be used or updated" [spec], and no operation restores one.' },
    evidence: [spec('POST /organization/projects/{project_id}/archive (archive-project)')],
  });
  return [listKeys, createKey, removeKey, archive] as const;
}

async function probeArchived(at: string, { http, signal }: ExecutionContext): Promise<ProbeResult> {
  const answer = await http.send({ method: 'GET', path: at }, { repeatable: true, reads: true, signal });
  const found = answer.ok ? project.safeParse(answer.reply.body).data : undefined;
  if (found?.status === 'archived') return { status: 'applied', result: found };
  if (found !== undefined) return { status: 'not-applied' };
  return { status: 'undetermined', detail: answer.ok ? 'the project cannot be read' : answer.detail };
}
