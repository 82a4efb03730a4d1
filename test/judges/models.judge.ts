import models from '../../connectors/models/index.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { judgeConnector, loadSdk, type Pair } from './judge-connector.ts';

type Call = (...given: readonly unknown[]) => Promise<unknown>;

/** What is used of the vendor's own client. */
interface Client {
  readonly chat: { readonly completions: { readonly create: Call } };
  readonly responses: { readonly create: Call };
  readonly embeddings: { readonly create: Call };
  readonly moderations: { readonly create: Call };
  readonly models: { readonly list: Call; readonly retrieve: Call; readonly delete: Call };
  readonly files: { readonly list: Call; readonly delete: Call };
  readonly fineTuning: { readonly jobs: { readonly create: Call; readonly cancel: Call } };
  readonly admin: {
    readonly organization: {
      readonly adminAPIKeys: { readonly list: Call; readonly create: Call; readonly delete: Call };
      readonly projects: { readonly archive: Call };
    };
  };
}

const { OpenAI } = loadSdk('openai') as { OpenAI: new (options: unknown) => Client }; // as its README has it
const model = 'gpt-4o-mini';
const messages = [{ role: 'user', content: 'Say hello.' }];
const KEPT = { 'body.store': 'We say outright that nothing is kept; the API keeps responses unless it is told.' };

const chat: JsonObject = {
  model,
  messages,
  max_completion_tokens: 16,
  temperature: 0.2,
  tools: [{ type: 'function', function: { name: 'find', parameters: { type: 'object', properties: {} } } }],
  tool_choice: 'auto',
  response_format: { type: 'json_object' },
};
const response: JsonObject = { model, input: 'Say hello.', instructions: 'Be short.', max_output_tokens: 16 };
const embedding: JsonObject = { model: 'text-embedding-3-small', input: ['a', 'b'], encoding_format: 'float' };

const pairs: readonly Pair<Client>[] = [
  {
    operation: 'models.chat.complete',
    input: chat,
    differs: KEPT,
    call: (client) => client.chat.completions.create(chat),
  },
  {
    operation: 'models.chat.complete',
    input: { model, messages, store: true, metadata: { a: 'b' }, user: 'ada', max_tokens: 9 },
    call: (client) =>
      client.chat.completions.create({
        model,
        messages,
        store: true,
        metadata: { a: 'b' },
        user: 'ada',
        max_tokens: 9,
      }),
  },
  {
    operation: 'models.response.create',
    input: response,
    differs: KEPT,
    call: (client) => client.responses.create(response),
  },
  { operation: 'models.embedding.create', input: embedding, call: (client) => client.embeddings.create(embedding) },
  {
    operation: 'models.moderation.create',
    input: { model: 'omni-moderation-latest', input: 'x' },
    call: (client) => client.moderations.create({ model: 'omni-moderation-latest', input: 'x' }),
  },
  { operation: 'models.model.list', input: {}, call: (client) => client.models.list() },
  { operation: 'models.model.get', input: { model }, call: (client) => client.models.retrieve(model) },
  {
    operation: 'models.model.delete',
    input: { model: 'ft:gpt-4o-mini:acme::1' },
    call: (client) => client.models.delete('ft:gpt-4o-mini:acme::1'),
  },
  { operation: 'models.file.list', input: { limit: 5 }, call: (client) => client.files.list({ limit: 5 }) },
  { operation: 'models.file.delete', input: { fileId: 'file-1' }, call: (client) => client.files.delete('file-1') },
  {
    operation: 'models.fine-tuning-job.create',
    input: { model, training_file: 'file-1', suffix: 'mine' },
    call: (client) => client.fineTuning.jobs.create({ model, training_file: 'file-1', suffix: 'mine' }),
  },
  {
    operation: 'models.fine-tuning-job.cancel',
    input: { jobId: 'ftjob-1' },
    call: (client) => client.fineTuning.jobs.cancel('ftjob-1'),
  },
  {
    operation: 'models.admin-api-key.list',
    input: { limit: 5 },
    call: (client) => client.admin.organization.adminAPIKeys.list({ limit: 5 }),
  },
  {
    operation: 'models.admin-api-key.create',
    input: { name: 'Deploy' },
    call: (client) => client.admin.organization.adminAPIKeys.create({ name: 'Deploy' }),
  },
  {
    operation: 'models.admin-api-key.delete',
    input: { keyId: 'key_1' },
    call: (client) => client.admin.organization.adminAPIKeys.delete('key_1'),
  },
  {
    operation: 'models.project.archive',
    input: { projectId: 'proj_1' },
    call: (client) => client.admin.organization.projects.archive('proj_1'),
  },
];

judgeConnector<Client>({
  connector: models,
  settings: (origin) => ({ origin, key: 'sk-1' }),
  sdk: (origin) => new OpenAI({ baseURL: `${origin}/v1`, apiKey: 'sk-1', adminAPIKey: 'sk-1', maxRetries: 0 }),
  pairs,
});
