import { z } from 'zod';
import { readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import { once, spec } from '../evidence.ts';
import { pageSize, vendorId } from '../ids.ts';
import { removalOperation } from '../removal.ts';
import { catalogOf } from '../resources.ts';
import { basePathOf, type ModelsSettings } from '../settings.ts';

/** [spec] OpenAIFile */
const file = z.object({
  id: z.string(),
  object: z.literal('file'),
  bytes: z.int(),
  created_at: z.int(),
  filename: z.string(),
  purpose: z.string(),
});

const purpose = z.enum(['assistants', 'batch', 'fine-tune', 'user_data', 'evals']);

const upload = z.strictObject({
  /** It goes into a header of the body: no quotes, no line ends. */
  filename: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._ -]{0,127}$/, 'a file name of letters, digits, spaces and ._-'),
  purpose,
  /** Text, JSONL for the most part. */
  content: z.string().min(1),
});

/** Files that models are trained on or answer from. */
export function fileOperations(settings: ModelsSettings) {
  const base = basePathOf(settings);
  const list = readOperation({
    name: 'models.file.list',
    description: 'Lists the files that were uploaded, without what is in them.',
    input: z.strictObject({ limit: pageSize, after: vendorId.optional(), purpose: purpose.optional() }),
    output: z.object({ data: z.array(file), has_more: z.boolean() }),
    resourceTypes: ['Models::Catalog'],
    resources: () => catalogOf('files'),
    provenance: { returns: { default: 'system', fields: { 'data[*].filename': 'others' } } },
    execute: httpExecution({
      request: (query) => ({ method: 'GET', path: `${base}/files`, query }),
      repeatable: true,
      result: ({ body }) => body,
    }),
    evidence: [spec('GET /files (listFiles)')],
  });
  const create = writeOperation({
    name: 'models.file.upload',
    description: 'Uploads a file to the provider of the models, who keeps it until it is deleted.',
    input: upload,
    output: file,
    resourceTypes: ['Models::File'],
    resources: ({ filename }) => [{ type: 'Models::File', id: filename }],
    touched: ({ id }) => [{ type: 'Models::File', id }],
    provenance: {
      arguments: { filename: 'content', purpose: 'flag', content: 'content' },
      returns: { default: 'system' },
    },
    effect: () => ({
      kind: 'create',
      reversible: 'operation',
      external: !settings.inside,
      privileged: false,
      count: 1,
      ...(settings.promptLabels.length === 0 ? {} : { dataClasses: settings.promptLabels }),
    }),
    effectKinds: ['create'],
    repeat: once('POST /files'),
    execute: httpExecution({
      request: (input, { actionId }) => ({
        method: 'POST',
        path: `${base}/files`,
        headers: { 'content-type': `multipart/form-data; boundary=${boundaryFor(input.content, actionId)}` },
        text: multipart(input, boundaryFor(input.content, actionId)),
      }),
      repeatable: false,
      result: ({ body }) => body,
    }),
    undo: (_input, result) => {
      const uploaded = file.safeParse(result).data;
      return uploaded && { operation: 'models.file.delete', input: { fileId: uploaded.id } };
    },
    evidence: [spec('POST /files (createFile): multipart/form-data with file and purpose')],
  });
  const remove = removalOperation({
    name: 'models.file.delete',
    description: 'Deletes a file for good.',
    key: 'fileId',
    id: vendorId,
    resourceType: 'Models::File',
    pathOf: (id) => base + path`/files/${id}`,
    privileged: false,
    none: 'What was in the file is not read before, so it cannot be uploaded again.',
    source: 'DELETE /files/{file_id} (deleteFile)',
  });
  return [list, create, remove] as const;
}

/** A line that the content does not have; the same for the same call. */
function boundaryFor(content: string, actionId: string): string {
  let boundary = actionId;
  while (content.includes(boundary)) boundary += '-';
  return boundary;
}

/** RFC 7578. */
function multipart({ filename, purpose: why, content }: z.output<typeof upload>, boundary: string): string {
  const part = (disposition: string, type: string, body: string): string =>
    `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n${type}\r\n${body}\r\n`;
  return [
    part('name="purpose"', '', why),
    part(`name="file"; filename="${filename}"`, 'Content-Type: application/octet-stream\r\n', content),
    `--${boundary}--\r\n`,
  ].join('');
}
