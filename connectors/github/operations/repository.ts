import { z } from 'zod';
import type { EffectKind } from '../../../src/action/effect.ts';
import { readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import { isJsonObject, type JsonObject } from '../../../src/lib/json.ts';
import { call } from '../call.ts';
import { change, rights } from '../effects.ts';
import { idempotent, once, spec } from '../evidence.ts';
import { branch, inRepo, login, repo } from '../ids.ts';
import { repoPath } from '../paths.ts';
import { read, undetermined } from '../read-back.ts';
import { pick, rememberingExecution } from '../remember-execution.ts';
import { organization, repository } from '../resources.ts';

const text = z.string().nullish();
const output = z.object({
  id: z.int(),
  full_name: z.string(),
  description: text,
  visibility: text,
  archived: z.boolean().nullish(),
  default_branch: text,
  owner: z.object({ login: z.string() }).nullish(),
});

const getRepository = readOperation({
  name: 'github.repository.get',
  description: 'Reads one repository.',
  input: z.strictObject(inRepo),
  output,
  resourceTypes: ['GitHub::Repository'],
  resources: (input) => [repository(input)],
  provenance: { returns: { fields: { description: 'others' } } },
  execute: httpExecution({
    request: (input) => call('GET', repoPath(input)),
    repeatable: true,
    result: ({ body }) => body,
  }),
  evidence: [spec('GET /repos/{owner}/{repo} (repos/get)')],
});

const CHANGES = {
  description: z.string().max(350).nullable(),
  visibility: z.enum(['public', 'private', 'internal']),
  archived: z.boolean(),
  default_branch: branch,
};

const updateInput = z
  .strictObject({ ...inRepo, ...z.strictObject(CHANGES).partial().shape })
  .refine((input) => Object.keys(input).length > 2, 'name at least one field to change');

type Update = z.output<typeof updateInput>;

function fieldsOf({ owner: _, repo: _repo, ...fields }: Update): JsonObject {
  return fields as JsonObject; // the schema's own fields, all JSON
}

function kindOf({ visibility, archived }: Update): EffectKind {
  if (visibility !== undefined) return 'privilege';
  return archived === true ? 'isolate' : 'update';
}

const updateRepository = writeOperation({
  name: 'github.repository.update',
  description:
    'Changes a repository. `visibility: public` shows all of it to everybody for good; `archived` stops all work on it.',
  input: updateInput,
  output: output.extend({ former: z.record(z.string(), z.json()) }),
  resourceTypes: ['GitHub::Repository'],
  resources: (input) => [repository(input)],
  provenance: {
    arguments: { owner: 'target', repo: 'target', visibility: 'flag', archived: 'flag', description: 'content' },
  },
  // What was public once has been copied.
  effect: (input) =>
    change(kindOf(input), {
      reversible: input.visibility === 'public' ? 'no' : 'operation',
      privileged: input.visibility !== undefined || input.archived !== undefined || input.default_branch !== undefined,
    }),
  effectKinds: ['update', 'privilege', 'isolate'],
  repeat: idempotent('PATCH /repos/{owner}/{repo}: sets the fields that are given'),
  execute: rememberingExecution({
    look: repoPath,
    former: (body, input) => pick(body, Object.keys(fieldsOf(input))),
    request: (input) => call('PATCH', repoPath(input), { body: fieldsOf(input) }),
  }),
  probe: async (input, context) => {
    const answer = await read(repoPath(input), context);
    if (!answer.ok) return undetermined(answer);
    const there = answer.reply.body;
    const isSet = Object.entries(fieldsOf(input)).every(
      ([name, value]) => isJsonObject(there) && (there[name] ?? null) === value,
    );
    return isSet ? { status: 'applied', result: { ...(there as object), former: {} } } : { status: 'not-applied' };
  },
  undo: (input, result) => {
    const former = isJsonObject(result) && isJsonObject(result['former']) ? result['former'] : {};
    const names = Object.keys(fieldsOf(input));
    if (input.visibility === 'public' || names.some((name) => !Object.hasOwn(former, name))) return undefined;
    return { operation: 'github.repository.update', input: { owner: input.owner, repo: input.repo, ...former } };
  },
  evidence: [spec('PATCH /repos/{owner}/{repo} (repos/update): visibility, archived, default_branch, description')],
});

const deleteRepository = writeOperation({
  name: 'github.repository.delete',
  description: 'Deletes a repository with its issues, pull requests and wiki.',
  input: z.strictObject(inRepo),
  output: z.object({}),
  resourceTypes: ['GitHub::Repository'],
  resources: (input) => [repository(input)],
  effect: () => change('delete', { privileged: true }),
  effectKinds: ['delete'],
  repeat: once('DELETE /repos/{owner}/{repo}: 204'),
  execute: httpExecution({
    request: (input) => call('DELETE', repoPath(input)),
    repeatable: false,
    result: () => ({}),
  }),
  // There means not deleted. Not there can also mean that this token may not see it any more.
  probe: async (input, context) => {
    const answer = await read(repoPath(input), context);
    return answer.ok ? { status: 'not-applied' } : undetermined(answer);
  },
  undo: {
    none: 'An owner of the organisation can restore some repositories on the web site; there is no call for it.',
  },
  evidence: [spec('DELETE /repos/{owner}/{repo} (repos/delete): "Deleting a repository requires admin access"')],
});

const transferRepository = writeOperation({
  name: 'github.repository.transfer',
  description: 'Gives a repository to another owner, who may be anybody.',
  input: z.strictObject({ ...inRepo, new_owner: login, new_name: repo.optional() }),
  output: z.object({ full_name: z.string() }),
  resourceTypes: ['GitHub::Repository', 'GitHub::Organization'],
  resources: (input) => [repository(input), organization(input.new_owner)],
  provenance: { arguments: { owner: 'target', repo: 'target', new_owner: 'destination', new_name: 'destination' } },
  effect: () => rights(),
  effectKinds: ['privilege'],
  repeat: once('POST /repos/{owner}/{repo}/transfer'),
  execute: httpExecution({
    request: ({ new_owner, new_name, ...input }) =>
      call('POST', `${repoPath(input)}/transfer`, {
        body: { new_owner, ...(new_name === undefined ? {} : { new_name }) },
      }),
    repeatable: false,
    result: ({ body }) => body,
    // 202: it goes on by itself, and the new owner may have to accept it first.
    accepted: (_, { new_owner }) => ({ new_owner }),
  }),
  probe: async (input, context) => {
    const answer = await read(path`/repos/${input.new_owner}/${input.new_name ?? input.repo}`, context);
    return answer.ok ? { status: 'applied', result: answer.reply.body } : undetermined(answer);
  },
  undo: { none: 'Only its new owner can give it back.' },
  evidence: [spec('POST /repos/{owner}/{repo}/transfer (repos/transfer): 202; new_owner, new_name')],
});

const dispatch = writeOperation({
  name: 'github.repository.dispatch',
  description: 'Sends an event to the repository: every workflow that listens to it runs, with its secrets.',
  input: z.strictObject({
    ...inRepo,
    event_type: z.string().min(1).max(100),
    client_payload: z.record(z.string(), z.json()).optional(),
  }),
  output: z.object({}),
  resourceTypes: ['GitHub::Repository'],
  resources: (input) => [repository(input)],
  provenance: { arguments: { owner: 'target', repo: 'target', event_type: 'flag', client_payload: 'content' } },
  effect: () => change('execute', { privileged: true }),
  effectKinds: ['execute'],
  repeat: once('POST /repos/{owner}/{repo}/dispatches'),
  execute: httpExecution({
    request: ({ event_type, client_payload, ...input }) =>
      call('POST', `${repoPath(input)}/dispatches`, {
        body: { event_type, ...(client_payload === undefined ? {} : { client_payload }) },
      }),
    repeatable: false,
    result: () => ({}),
  }),
  undo: { none: 'What ran has run.' },
  evidence: [spec('POST /repos/{owner}/{repo}/dispatches (repos/create-dispatch-event): 204')],
});

const runWorkflow = writeOperation({
  name: 'github.workflow.run',
  description: 'Runs a workflow of the repository on a branch, with its secrets.',
  input: z.strictObject({
    ...inRepo,
    workflow: z.string().regex(/^[A-Za-z0-9._-]{1,128}$/, 'the id or the file name of a workflow'),
    ref: branch,
    inputs: z.record(z.string(), z.string()).optional(),
  }),
  output: z.object({}),
  resourceTypes: ['GitHub::Repository'],
  resources: (input) => [repository(input)],
  provenance: { arguments: { owner: 'target', repo: 'target', workflow: 'target', ref: 'target', inputs: 'content' } },
  effect: () => change('execute', { privileged: true }),
  effectKinds: ['execute'],
  repeat: once('POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches'),
  execute: httpExecution({
    request: ({ workflow, ref, inputs, ...input }) =>
      call('POST', repoPath(input) + path`/actions/workflows/${workflow}/dispatches`, {
        body: { ref, ...(inputs === undefined ? {} : { inputs }) },
      }),
    repeatable: false,
    result: () => ({}),
  }),
  undo: { none: 'What ran has run.' },
  evidence: [spec('POST …/actions/workflows/{workflow_id}/dispatches (actions/create-workflow-dispatch): 204')],
});

export const repositoryOperations = [
  getRepository,
  updateRepository,
  deleteRepository,
  transferRepository,
  dispatch,
  runWorkflow,
] as const;
