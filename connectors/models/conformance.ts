import type { ConformanceFixtures, ConformanceSample, EffectCase } from '../../src/connector/conformance/fixtures.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { SEED } from './simulator/seed.ts';

const { models, files, jobs, adminKeys, projects } = SEED;
const model = models.small;
const messages = [{ role: 'user', content: 'Say hello.' }];

const call = (effect: JsonObject = {}) =>
  ({ reversible: 'no', external: true, privileged: false, count: 1, ...effect }) as const;

/** One call of each operation that a fresh simulated provider grants. */
const SAMPLES: readonly ConformanceSample[] = [
  {
    operation: 'models.chat.complete',
    input: { model, messages, max_completion_tokens: 16 },
    effects: ['chat.complete'],
    effect: { ...call(), kind: 'spend' },
  },
  {
    operation: 'models.response.create',
    input: { model, input: 'Say hello.', max_output_tokens: 16 },
    effects: ['response.create'],
    effect: { ...call(), kind: 'spend' },
  },
  {
    operation: 'models.embedding.create',
    input: { model: models.embedding, input: 'hello' },
    effects: ['embedding.create'],
    effect: { ...call(), kind: 'spend' },
  },
  {
    operation: 'models.moderation.create',
    input: { input: 'hello' },
    effects: ['moderation.create'],
    effect: { ...call(), kind: 'communicate' },
  },
  { operation: 'models.model.list', input: {}, effects: [] },
  { operation: 'models.model.get', input: { model }, effects: [] },
  {
    operation: 'models.model.delete',
    input: { model: models.tuned },
    effects: ['model.delete'],
    effect: { kind: 'delete', reversible: 'no', privileged: true },
  },
  { operation: 'models.file.list', input: {}, effects: [] },
  {
    operation: 'models.file.upload',
    input: { filename: 'training.jsonl', purpose: 'fine-tune', content: '{"messages":[]}\n' },
    effects: ['file.create'],
    effect: { kind: 'create', reversible: 'operation', external: true },
  },
  {
    operation: 'models.file.delete',
    input: { fileId: files.training },
    effects: ['file.delete'],
    effect: { kind: 'delete', reversible: 'no' },
  },
  {
    operation: 'models.fine-tuning-job.create',
    input: { model, training_file: files.training },
    effects: ['job.create'],
    effect: { kind: 'spend', reversible: 'no', privileged: true },
  },
  {
    operation: 'models.fine-tuning-job.cancel',
    input: { jobId: jobs.running },
    effects: ['job.cancel'],
    effect: { kind: 'update', reversible: 'no' },
  },
  { operation: 'models.admin-api-key.list', input: {}, effects: [] },
  {
    operation: 'models.admin-api-key.create',
    input: { name: 'Deploy' },
    effects: ['admin-key.create'],
    effect: { kind: 'privilege', privileged: true },
  },
  {
    operation: 'models.admin-api-key.delete',
    input: { keyId: adminKeys.old },
    effects: ['admin-key.delete'],
    effect: { kind: 'delete', reversible: 'no', privileged: true },
  },
  {
    operation: 'models.project.archive',
    input: { projectId: projects.web },
    effects: ['project.archive'],
    effect: { kind: 'delete', reversible: 'no', privileged: true },
  },
];

/** A model without a price: what it costs is not known beforehand, which asks for more and not for less. */
const EFFECTS: readonly EffectCase[] = [
  {
    operation: 'models.chat.complete',
    input: { model: 'unpriced', messages: [{ role: 'user', content: '' }], max_tokens: 1 },
    effect: { ...call(), kind: 'spend' },
    when: 'a model without a price',
  },
  {
    operation: 'models.response.create',
    input: { model: 'unpriced', input: '', max_output_tokens: 1 },
    effect: { ...call(), kind: 'spend' },
    when: 'a model without a price',
  },
];

export default {
  samples: SAMPLES,
  effectCases: EFFECTS,
  rateLimits: [
    {
      status: 429,
      headers: { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '8.64s' },
      body: { error: { message: 'Rate limit reached', type: 'requests', param: null, code: 'rate_limit_exceeded' } },
      dialect: 'duration',
      waitsMs: 8_640,
    },
    {
      status: 429,
      headers: { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '1ms' },
      body: { error: { message: 'Rate limit reached', type: 'tokens', param: null, code: 'rate_limit_exceeded' } },
      dialect: 'duration',
      waitsMs: 1,
    },
    {
      status: 429,
      headers: { 'retry-after': '20' },
      body: { error: { message: 'Rate limit reached', type: 'requests', param: null, code: 'rate_limit_exceeded' } },
      dialect: 'retry-after',
      waitsMs: 20_000,
    },
  ],
  // The SDK sends a file in parts, which the recorder does not take apart.
  judgedBy: { '*': ['description', 'sdk'], 'models.file.upload': 'description' },
} satisfies ConformanceFixtures;
