import { z } from 'zod';
import { writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { once, spec } from '../evidence.ts';
import { modelName } from '../prompt.ts';
import { modelOf } from '../resources.ts';
import { basePathOf, type ModelsSettings } from '../settings.ts';
import { wholeBody } from '../whole-body.ts';

const moderationInput = z.strictObject({
  model: modelName.default('omni-moderation-latest'),
  input: z.union([z.string(), z.array(z.string()).min(1).max(256)]),
});

/** [spec] CreateModerationResponse */
const moderation = z.object({
  id: z.string(),
  model: z.string(),
  results: z.array(
    z.object({
      flagged: z.boolean(),
      categories: z.record(z.string(), z.boolean().nullable()),
      category_scores: z.record(z.string(), z.number()),
    }),
  ),
});

export function moderationOperation(settings: ModelsSettings) {
  return writeOperation({
    name: 'models.moderation.create',
    description: 'Asks whether a text is harmful; it costs nothing, and the text goes to the model.',
    activity: 'model',
    input: moderationInput,
    output: moderation,
    resourceTypes: ['Models::Model'],
    resources: ({ model }) => modelOf(model),
    provenance: {
      arguments: { model: 'flag', input: 'content' },
      returns: { default: 'system' },
      asked: ['moderate', 'check'],
    },
    effect: () => ({ kind: 'communicate', reversible: 'no', external: !settings.inside, privileged: false, count: 1 }),
    effectKinds: ['communicate'],
    repeat: once('POST /moderations'),
    execute: httpExecution({
      request: (input) => ({ method: 'POST', path: `${basePathOf(settings)}/moderations`, body: input as JsonObject }), // the schema's own fields
      repeatable: false,
      result: wholeBody,
    }),
    undo: { none: 'A text that was sent cannot be taken back.' },
    evidence: [spec('POST /moderations (createModeration); free of charge [doc]')],
  });
}
