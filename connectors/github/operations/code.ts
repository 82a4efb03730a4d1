import { z } from 'zod';
import { readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import { isJsonObject } from '../../../src/lib/json.ts';
import { call } from '../call.ts';
import { change } from '../effects.ts';
import { once, spec } from '../evidence.ts';
import { branch, filePath, type InRepo, inRepo, number, sha } from '../ids.ts';
import { repoPath, segments } from '../paths.ts';
import { absenceProbe, isNotFound, read, stateProbe, undetermined } from '../read-back.ts';
import { rememberingExecution } from '../remember-execution.ts';
import { branchOf, fileOf, pullOf } from '../resources.ts';

const inFile = { ...inRepo, path: filePath };
type InFile = InRepo & { readonly path: string };
const contentPath = (input: InFile): string => `${repoPath(input)}/contents${segments(input.path)}`;
const onFile = {
  resourceTypes: ['GitHub::File'],
  resources: (input: InFile) => [fileOf(input, input.path)] as const,
} as const;

const getFile = readOperation({
  ...onFile,
  name: 'github.file.get',
  description: 'Reads one file of at most a megabyte, in base64.',
  input: z.strictObject({ ...inFile, ref: branch.optional() }),
  output: z.object({ type: z.literal('file'), path: z.string(), sha: z.string(), size: z.int(), content: z.string() }),
  labels: () => ['source', 'untrusted'],
  provenance: { returns: { fields: { content: 'others' } } },
  execute: httpExecution({
    request: ({ ref, ...input }) => call('GET', contentPath(input), { query: { ref } }),
    repeatable: true,
    result: ({ body }) => body,
  }),
  evidence: [spec('GET /repos/{owner}/{repo}/contents/{path} (repos/get-content): ref')],
});

const commit = { message: z.string().min(1).max(2_000), branch };
const base64 = z
  .string()
  .regex(/^[A-Za-z0-9+/\n]*={0,2}\n?$/, 'base64')
  .max(1_000_000);
const committed = z.object({
  content: z.object({ path: z.string(), sha: z.string() }).nullish(),
  commit: z.object({ sha: z.string() }),
});

const putFile = writeOperation({
  ...onFile,
  name: 'github.file.put',
  description:
    'Commits one file to a branch: a new one, or over the one that has `sha`. Whatever builds from the branch runs it.',
  input: z.strictObject({ ...inFile, ...commit, content: base64, sha: sha.optional() }),
  output: committed,
  provenance: {
    arguments: {
      owner: 'target',
      repo: 'target',
      path: 'target',
      branch: 'target',
      content: 'content',
      message: 'content',
    },
  },
  effect: (input) =>
    change(input.sha === undefined ? 'create' : 'update', {
      reversible: input.sha === undefined ? 'operation' : 'window',
    }),
  effectKinds: ['create', 'update'],
  repeat: once(
    'PUT /repos/{owner}/{repo}/contents/{path} makes a commit; without the right sha it is refused with 409 or 422, and',
  ),
  execute: httpExecution({
    request: ({ owner, repo, path: file, ...body }) =>
      call('PUT', contentPath({ owner, repo, path: file }), { body: given(body) }),
    repeatable: false,
    result: ({ body }) => body,
  }),
  probe: async (input, context) => {
    const answer = await read(contentPath(input), context, { ref: input.branch });
    if (isNotFound(answer)) return input.sha === undefined ? { status: 'not-applied' } : undetermined(answer);
    const there = answer.ok
      ? z.object({ sha: z.string(), content: z.string(), path: z.string() }).safeParse(answer.reply.body)
      : undefined;
    if (there?.success !== true) return undetermined(answer);
    const { content, ...file } = there.data;
    if (bytes(content) === bytes(input.content))
      return { status: 'applied', result: { content: file, commit: { sha: file.sha } } };
    return file.sha === input.sha
      ? { status: 'not-applied' }
      : { status: 'undetermined', detail: 'Somebody else has changed it.' };
  },
  undo: ({ owner, repo, path: file, branch: on, sha: before }, result) => {
    const made = committed.safeParse(result);
    if (before !== undefined || !made.success || made.data.content == null) return undefined;
    const message = `Take back ${file}`;
    return {
      operation: 'github.file.delete',
      input: { owner, repo, path: file, branch: on, message, sha: made.data.content.sha },
    };
  },
  evidence: [
    spec(
      'PUT /repos/{owner}/{repo}/contents/{path} (repos/create-or-update-file-contents): message, content, sha, branch',
    ),
  ],
});

const deleteFile = writeOperation({
  ...onFile,
  name: 'github.file.delete',
  description: 'Commits the removal of the file that has `sha`; the history keeps it.',
  input: z.strictObject({ ...inFile, ...commit, sha }),
  output: committed,
  provenance: { arguments: { owner: 'target', repo: 'target', path: 'target', branch: 'target', message: 'content' } },
  effect: () => change('delete', { reversible: 'window' }),
  effectKinds: ['delete'],
  repeat: once('DELETE /repos/{owner}/{repo}/contents/{path} makes a commit; with another sha it is refused, and'),
  execute: httpExecution({
    request: ({ owner, repo, path: file, ...body }) =>
      call('DELETE', contentPath({ owner, repo, path: file }), { body: given(body) }),
    repeatable: false,
    result: ({ body }) => body,
  }),
  probe: async (input, context) => {
    const answer = await read(contentPath(input), context, { ref: input.branch });
    if (answer.ok) return { status: 'not-applied' };
    // Whoever may commit to a branch may see it, so here a 404 is what it says.
    return isNotFound(answer) ? { status: 'applied', result: { commit: { sha: '' } } } : undetermined(answer);
  },
  undo: { none: 'The file is in the history of the branch; a person brings it back from there.' },
  evidence: [spec('DELETE /repos/{owner}/{repo}/contents/{path} (repos/delete-file): message, sha, branch')],
});

function given<T extends object>(body: T) {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as Record<string, string>;
}

function bytes(content: string): string {
  return Buffer.from(content, 'base64').toString('hex');
}

const inBranch = z.strictObject({ ...inRepo, branch });
type InBranch = z.output<typeof inBranch>;
const refPath = (input: InBranch): string => `${repoPath(input)}/git/refs/heads${segments(input.branch)}`;
const readRefPath = (input: InBranch): string => `${repoPath(input)}/git/ref/heads${segments(input.branch)}`;
const refOutput = z.object({ ref: z.string(), object: z.object({ sha: z.string() }) });
const onBranch = {
  resourceTypes: ['GitHub::Branch'],
  resources: (input: InBranch) => [branchOf(input, input.branch)] as const,
} as const;

const createBranch = writeOperation({
  ...onBranch,
  name: 'github.branch.create',
  description: 'Makes a branch at a commit.',
  input: inBranch.extend({ sha }),
  output: refOutput,
  provenance: { arguments: { owner: 'target', repo: 'target', branch: 'target', sha: 'target' } },
  effect: () => change('create', { reversible: 'operation' }),
  effectKinds: ['create'],
  repeat: once('POST /repos/{owner}/{repo}/git/refs: one that is there is refused with 422; it'),
  execute: httpExecution({
    request: (input) =>
      call('POST', `${repoPath(input)}/git/refs`, { body: { ref: `refs/heads/${input.branch}`, sha: input.sha } }),
    repeatable: false,
    result: ({ body }) => body,
  }),
  probe: async (input, context) => {
    const answer = await read(readRefPath(input), context);
    if (isNotFound(answer)) return { status: 'not-applied' };
    const there = answer.ok ? refOutput.safeParse(answer.reply.body) : undefined;
    if (there?.success !== true) return undetermined(answer);
    const isSame = there.data.object.sha === input.sha;
    return isSame
      ? { status: 'applied', result: there.data }
      : { status: 'undetermined', detail: 'It is at another commit.' };
  },
  undo: ({ owner, repo, branch: name }) => ({
    operation: 'github.branch.delete',
    input: { owner, repo, branch: name },
  }),
  evidence: [spec('POST /repos/{owner}/{repo}/git/refs (git/create-ref): ref, sha')],
});

const deleteBranch = writeOperation({
  ...onBranch,
  name: 'github.branch.delete',
  description: 'Deletes a branch; commits that are on no other branch can be found by their sha for a while.',
  input: inBranch,
  output: z.object({ former: z.object({ sha: z.string() }) }),
  provenance: { arguments: { owner: 'target', repo: 'target', branch: 'target' } },
  effect: () => change('delete', { reversible: 'operation' }),
  effectKinds: ['delete'],
  repeat: once('DELETE /repos/{owner}/{repo}/git/refs/{ref}: 204'),
  execute: rememberingExecution({
    look: readRefPath,
    former: (body) => ({ sha: refOutput.parse(body).object.sha }),
    request: (input) => call('DELETE', refPath(input)),
    result: () => ({}),
    repeatable: false,
  }),
  probe: async (input, context) => {
    const found = await absenceProbe(readRefPath)(input, context);
    // Where it was is not known any more.
    return found.status === 'applied' ? { status: 'applied' } : found;
  },
  undo: ({ owner, repo, branch: name }, result) => {
    const former = isJsonObject(result) && isJsonObject(result['former']) ? result['former']['sha'] : undefined;
    if (typeof former !== 'string') return undefined;
    return { operation: 'github.branch.create', input: { owner, repo, branch: name, sha: former } };
  },
  evidence: [spec('GET and DELETE /repos/{owner}/{repo}/git/ref[s]/heads/{branch} (git/get-ref, git/delete-ref)')],
});

const inPull = z.strictObject({ ...inRepo, pull_number: number });
const pullPath = (input: z.output<typeof inPull>): string => repoPath(input) + path`/pulls/${input.pull_number}`;

const mergePull = writeOperation({
  name: 'github.pull.merge',
  description: 'Merges a pull request, as it was at `sha`, into its base branch.',
  input: inPull.extend({ sha, merge_method: z.enum(['merge', 'squash', 'rebase']).default('merge') }),
  output: z.object({ sha: z.string().nullish(), merged: z.boolean() }),
  resourceTypes: ['GitHub::PullRequest'],
  resources: (input) => [pullOf(input, input.pull_number)],
  provenance: {
    arguments: { owner: 'target', repo: 'target', pull_number: 'target', sha: 'target', merge_method: 'flag' },
  },
  effect: () => change('update', { privileged: true }),
  effectKinds: ['update'],
  repeat: once('PUT …/merge: one that is merged is refused with 405; it'),
  execute: httpExecution({
    request: ({ sha: at, merge_method, ...input }) =>
      call('PUT', `${pullPath(input)}/merge`, { body: { sha: at, merge_method } }),
    repeatable: false,
    result: ({ body }) => body,
  }),
  probe: async (input, context) => {
    const found = await stateProbe(pullPath, (body) => z.object({ merged: z.literal(true) }).safeParse(body).success)(
      input,
      context,
    );
    return found.status === 'applied' ? { status: 'applied', result: { merged: true } } : found;
  },
  undo: { none: 'A merge is in the history of the branch; a person reverts it by another pull request.' },
  evidence: [spec('PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge (pulls/merge): sha, merge_method')],
});

export const codeOperations = [getFile, putFile, deleteFile, createBranch, deleteBranch, mergePull] as const;
