import { z } from 'zod';
import { writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { change, FLEET } from '../effects.ts';
import { ONCE, sdk } from '../evidence.ts';
import { batchId, deviceIds } from '../ids.ts';
import { refs } from '../resources.ts';
import { command, commandFits } from '../rtr-command.ts';

const openBatch = writeOperation({
  name: 'crowdstrike.batch.open',
  description: 'Opens Real Time Response sessions on many hosts at once.',
  input: z.strictObject({ hostIds: deviceIds, queueOffline: z.boolean().default(false) }),
  output: z.object({ batch_id: z.string() }),
  resourceTypes: ['CrowdStrike::Device'],
  resources: ({ hostIds }) => refs('CrowdStrike::Device', hostIds),
  provenance: { arguments: { hostIds: 'target' } },
  effect: ({ hostIds }) => change('privilege', 'window', { count: hostIds.length }),
  effectKinds: ['privilege'],
  repeat: ONCE,
  execute: httpExecution({
    request: ({ hostIds, queueOffline }) => ({
      method: 'POST',
      path: '/real-time-response/combined/batch-init-session/v1',
      body: { host_ids: hostIds, queue_offline: queueOffline },
    }),
    repeatable: false,
    result: ({ body }) => z.object({ batch_id: z.string().min(1) }).parse(body),
  }),
  undo: { none: 'Falcon has no call that closes a batch; its sessions end by themselves after ten minutes.' },
  evidence: [sdk('POST /real-time-response/combined/batch-init-session/v1 (BatchInitSessions)')],
});

const hostState = z.object({
  complete: z.boolean().optional(),
  stdout: z.string().optional(),
  stderr: z.string().optional(),
});
const hosts = z.record(z.string(), hostState);

const runOnBatch = writeOperation({
  name: 'crowdstrike.batch.run',
  description:
    'Runs an administrator’s command on many hosts at once. Without `hostIds` it runs on all hosts of the batch, however many these are.',
  input: z
    .strictObject({ batchId, hostIds: deviceIds.optional(), ...command })
    .refine(commandFits, 'the command line begins with the command'),
  output: z.object({ hosts }),
  resourceTypes: ['CrowdStrike::Device'],
  resources: ({ hostIds = [] }) => refs('CrowdStrike::Device', hostIds),
  labels: () => ['untrusted', 'security'],
  provenance: {
    arguments: { batchId: 'target', hostIds: 'target', command: 'flag', commandLine: 'content' },
    returns: { default: 'others' },
  },
  effect: ({ hostIds }) => change('execute', 'no', { count: hostIds?.length ?? FLEET }),
  effectKinds: ['execute'],
  repeat: ONCE,
  execute: httpExecution({
    request: ({ batchId, hostIds, command, commandLine }) => ({
      method: 'POST',
      path: '/real-time-response/combined/batch-admin-command/v1',
      body: {
        batch_id: batchId,
        base_command: command,
        command_string: commandLine,
        ...(hostIds === undefined ? {} : { optional_hosts: hostIds }),
      },
    }),
    repeatable: false,
    result: ({ body }) => ({
      hosts: z.object({ combined: z.object({ resources: hosts }) }).parse(body).combined.resources,
    }),
  }),
  undo: { none: 'What a command did on hosts cannot be told, so it cannot be taken back.' },
  evidence: [sdk('POST /real-time-response/combined/batch-admin-command/v1 (BatchAdminCmd)')],
});

export const batchOperations = [openBatch, runOnBatch] as const;
