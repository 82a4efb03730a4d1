import { z } from 'zod';
import type { ExecutionContext, ProbeResult } from '../../../src/connector/contract.ts';
import { writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { once, spec } from '../evidence.ts';
import { vendorId } from '../ids.ts';
import { modelName } from '../prompt.ts';
import { basePathOf, type ModelsSettings } from '../settings.ts';

/** [spec] FineTuningJob */
const job = z.object({
  id: z.string(),
  status: z.string(),
  model: z.string(),
  training_file: z.string(),
  fine_tuned_model: z.string().nullish(),
});

const jobInput = z.strictObject({
  model: modelName,
  training_file: vendorId,
  validation_file: vendorId.nullish(),
  suffix: z.string().min(1).max(64).nullish(),
  seed: z.int().min(0).max(2_147_483_647).nullish(),
  metadata: z.record(z.string().max(64), z.string().max(512)).nullish(),
});

/** Training of a model on files: what it costs depends on the files, so nobody can say it beforehand. */
export function fineTuningJobOperations(settings: ModelsSettings) {
  const base = `${basePathOf(settings)}/fine_tuning/jobs`;
  const create = writeOperation({
    name: 'models.fine-tuning-job.create',
    description: 'Starts to train a model on an uploaded file; what it costs is not known beforehand.',
    input: jobInput,
    output: job,
    resourceTypes: ['Models::Model', 'Models::File', 'Models::TrainingJob'],
    resources: ({ model, training_file, validation_file }) => [
      { type: 'Models::Model', id: model },
      ...[training_file, validation_file ?? []].flat().map((id) => ({ type: 'Models::File' as const, id })),
    ],
    touched: ({ id }) => [{ type: 'Models::TrainingJob', id }],
    provenance: {
      arguments: {
        model: 'target',
        training_file: 'target',
        validation_file: 'target',
        suffix: 'flag',
        metadata: 'content',
      },
      returns: { default: 'system' },
      asked: ['train', 'tune'],
    },
    effect: () => ({ kind: 'spend', reversible: 'no', external: !settings.inside, privileged: true, count: 1 }),
    effectKinds: ['spend'],
    repeat: once('POST /fine_tuning/jobs'),
    execute: httpExecution({
      request: (input) => ({ method: 'POST', path: base, body: input as JsonObject }), // the schema's own fields
      repeatable: false,
      result: ({ body }) => body,
    }),
    undo: (_input, result) => {
      const started = job.safeParse(result).data;
      return started && { operation: 'models.fine-tuning-job.cancel', input: { jobId: started.id } };
    },
    evidence: [spec('POST /fine_tuning/jobs (createFineTuningJob)')],
  });
  const cancel = writeOperation({
    name: 'models.fine-tuning-job.cancel',
    description: 'Ends a training; what it has cost so far is spent.',
    input: z.strictObject({ jobId: vendorId }),
    output: job,
    resourceTypes: ['Models::TrainingJob'],
    resources: ({ jobId }) => [{ type: 'Models::TrainingJob', id: jobId }],
    provenance: { arguments: { jobId: 'target' }, returns: { default: 'system' }, asked: ['stop', 'end', 'abort'] },
    effect: () => ({ kind: 'update', reversible: 'no', external: false, privileged: true, count: 1 }),
    effectKinds: ['update'],
    repeat: once('POST /fine_tuning/jobs/{fine_tuning_job_id}/cancel'),
    execute: httpExecution({
      request: ({ jobId }) => ({ method: 'POST', path: base + path`/${jobId}/cancel` }),
      repeatable: false,
      result: ({ body }) => body,
    }),
    probe: ({ jobId }, context) => probeCancelled(base + path`/${jobId}`, context),
    undo: { none: 'A training that was ended begins anew only as another one.' },
    evidence: [spec('POST /fine_tuning/jobs/{fine_tuning_job_id}/cancel (cancelFineTuningJob)')],
  });
  return [create, cancel] as const;
}

const ENDED_OTHERWISE: ReadonlySet<string> = new Set(['succeeded', 'failed']);

async function probeCancelled(at: string, { http, signal }: ExecutionContext): Promise<ProbeResult> {
  const answer = await http.send({ method: 'GET', path: at }, { repeatable: true, reads: true, signal });
  const found = answer.ok ? job.safeParse(answer.reply.body).data : undefined;
  if (found === undefined)
    return { status: 'undetermined', detail: answer.ok ? 'the job cannot be read' : answer.detail };
  if (found.status === 'cancelled') return { status: 'applied', result: found };
  // What ended by itself was not cancelled, and what still runs may yet hear of it.
  return ENDED_OTHERWISE.has(found.status)
    ? { status: 'not-applied' }
    : { status: 'undetermined', detail: `the job is ${found.status}` };
}
