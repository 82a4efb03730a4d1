import { z } from 'zod';
import { readOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import { spec } from '../evidence.ts';
import { modelName } from '../prompt.ts';
import { removalOperation } from '../removal.ts';
import { catalogOf } from '../resources.ts';
import { basePathOf, type ModelsSettings } from '../settings.ts';

const model = z.object({ id: z.string(), object: z.literal('model'), created: z.int(), owned_by: z.string() });

/** Which models there are, and one of them deleted: only fine-tuned ones can be. */
export function modelOperations(settings: ModelsSettings) {
  const base = basePathOf(settings);
  const pathOf = (id: string): string => base + path`/models/${id}`;
  const list = readOperation({
    name: 'models.model.list',
    description: 'Lists the models that there are.',
    input: z.strictObject({}),
    output: z.object({ object: z.literal('list'), data: z.array(model) }),
    resourceTypes: ['Models::Catalog'],
    resources: () => catalogOf('models'),
    provenance: { returns: { default: 'system' } },
    execute: httpExecution({
      request: () => ({ method: 'GET', path: `${base}/models` }),
      repeatable: true,
      result: ({ body }) => body,
    }),
    evidence: [spec('GET /models (listModels)')],
  });
  const get = readOperation({
    name: 'models.model.get',
    description: 'Says who owns a model.',
    input: z.strictObject({ model: modelName }),
    output: model,
    resourceTypes: ['Models::Catalog'],
    resources: ({ model: id }) => catalogOf(id),
    provenance: { returns: { default: 'system' } },
    execute: httpExecution({
      request: ({ model: id }) => ({ method: 'GET', path: pathOf(id) }),
      repeatable: true,
      result: ({ body }) => body,
    }),
    evidence: [spec('GET /models/{model} (retrieveModel)')],
  });
  const remove = removalOperation({
    name: 'models.model.delete',
    description: 'Deletes a fine-tuned model for good.',
    key: 'model',
    id: modelName,
    resourceType: 'Models::Model',
    pathOf,
    privileged: true,
    none: 'A fine-tuned model cannot be restored; training it again costs what it did.',
    source: 'DELETE /models/{model} (deleteModel)',
  });
  return [list, get, remove] as const;
}
