import { z } from 'zod';
import { readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import { isJsonObject, type JsonObject } from '../../../src/lib/json.ts';
import { isSameJson } from '../../../src/lib/same-json.ts';
import { call } from '../call.ts';
import { change } from '../effects.ts';
import { idempotent, once, spec } from '../evidence.ts';
import { inRepo, login, number } from '../ids.ts';
import { repoPath } from '../paths.ts';
import { read, undetermined } from '../read-back.ts';
import { pick, rememberingExecution } from '../remember-execution.ts';
import { issueOf, repository } from '../resources.ts';

const text = z.string().nullish();
const output = z.object({
  number: z.int(),
  title: z.string(),
  body: text,
  state: text,
  user: z.object({ login: z.string() }).nullish(),
});

const inIssue = z.strictObject({ ...inRepo, issue_number: number });
type InIssue = z.output<typeof inIssue>;
const issuePath = (input: InIssue): string => repoPath(input) + path`/issues/${input.issue_number}`;
const onIssue = {
  resourceTypes: ['GitHub::Issue'],
  resources: (input: InIssue) => [issueOf(input, input.issue_number)] as const,
} as const;
const written = { title: 'others', body: 'others' } as const;

const getIssue = readOperation({
  ...onIssue,
  name: 'github.issue.get',
  description: 'Reads one issue or pull request. Anybody can write one in a public repository.',
  input: inIssue,
  output,
  labels: () => ['untrusted'],
  provenance: { returns: { fields: written } },
  execute: httpExecution({
    request: (input) => call('GET', issuePath(input)),
    repeatable: true,
    result: ({ body }) => body,
  }),
  evidence: [spec('GET /repos/{owner}/{repo}/issues/{issue_number} (issues/get)')],
});

const listIssues = readOperation({
  name: 'github.issue.list',
  description: 'Lists issues and pull requests, the newest first, one page at a time.',
  input: z.strictObject({
    ...inRepo,
    state: z.enum(['open', 'closed', 'all']).default('open'),
    per_page: z.int().min(1).max(100).default(30),
    page: z.int().min(1).max(1_000).default(1),
  }),
  output: z.object({ issues: z.array(output) }),
  resourceTypes: ['GitHub::Repository', 'GitHub::Issue'],
  resources: (input) => [repository(input)],
  labels: () => ['untrusted'],
  touched: ({ issues }, input) => issues.map((issue) => issueOf(input, issue.number)),
  provenance: { returns: { fields: { 'issues[*].title': 'others', 'issues[*].body': 'others' } } },
  execute: httpExecution({
    request: ({ owner, repo, ...query }) => call('GET', `${repoPath({ owner, repo })}/issues`, { query }),
    repeatable: true,
    result: ({ body }) => ({ issues: body }),
  }),
  evidence: [spec('GET /repos/{owner}/{repo}/issues (issues/list-for-repo): state, per_page, page')],
});

const fields = {
  title: z.string().min(1).max(256),
  body: z.string().max(65_536),
  assignees: z.array(login).max(10),
  labels: z.array(z.string().min(1).max(50)).max(100),
};
const roles = { title: 'content', body: 'content', assignees: 'destination', labels: 'flag' } as const;

/** Whoever watches the repository, and everybody named with @, gets a mail. */
const told = () => change('communicate', { reversible: 'no' });

const createIssue = writeOperation({
  name: 'github.issue.create',
  description: 'Opens an issue; whoever watches the repository, or is named with @, gets a mail.',
  input: z.strictObject({
    ...inRepo,
    title: fields.title,
    ...z.strictObject(fields).omit({ title: true }).partial().shape,
  }),
  output,
  resourceTypes: ['GitHub::Repository', 'GitHub::Issue'],
  resources: (input) => [repository(input)],
  touched: (issue, input) => [issueOf(input, issue.number)],
  provenance: { arguments: { owner: 'target', repo: 'destination', ...roles }, returns: { fields: written } },
  effect: told,
  effectKinds: ['communicate'],
  repeat: once('POST /repos/{owner}/{repo}/issues'),
  execute: httpExecution({
    request: ({ owner, repo, ...body }) =>
      call('POST', `${repoPath({ owner, repo })}/issues`, { body: body as JsonObject }), // the schema's own
    repeatable: false,
    result: ({ body }) => body,
  }),
  undo: { none: 'Issues are closed, not deleted, and the mails are out.' },
  evidence: [spec('POST /repos/{owner}/{repo}/issues (issues/create): title, body, assignees, labels')],
});

const updateInput = inIssue
  .extend({ ...z.strictObject(fields).partial().shape, state: z.enum(['open', 'closed']).optional() })
  .refine((input) => Object.keys(input).length > 3, 'name at least one field to change');

function changesOf({
  owner: _,
  repo: _repo,
  issue_number: _number,
  ...changed
}: z.output<typeof updateInput>): JsonObject {
  return changed as JsonObject; // the schema's own fields, all JSON
}

/** Names, where reading answers with whole objects. */
function formerOf(body: unknown, names: readonly string[]): JsonObject {
  const there = pick(body, names);
  const named = (list: unknown, key: string): readonly string[] =>
    Array.isArray(list) ? list.map((each) => String(isJsonObject(each) ? each[key] : each)) : [];
  return {
    ...there,
    ...(names.includes('labels') ? { labels: named(there['labels'], 'name') } : {}),
    ...(names.includes('assignees') ? { assignees: named(there['assignees'], 'login') } : {}),
    ...(names.includes('body') ? { body: there['body'] ?? '' } : {}),
  };
}

const updateIssue = writeOperation({
  ...onIssue,
  name: 'github.issue.update',
  description: 'Changes an issue or pull request: text, state, labels, assignees. Lists are replaced.',
  input: updateInput,
  output: output.extend({ former: z.record(z.string(), z.json()) }),
  provenance: { arguments: { owner: 'target', repo: 'target', issue_number: 'target', ...roles, state: 'flag' } },
  effect: () => change('update', { reversible: 'operation' }),
  effectKinds: ['update'],
  repeat: idempotent('PATCH /repos/{owner}/{repo}/issues/{issue_number}: sets the fields that are given'),
  execute: rememberingExecution({
    look: issuePath,
    former: (body, input) => formerOf(body, Object.keys(changesOf(input))),
    request: (input) => call('PATCH', issuePath(input), { body: changesOf(input) }),
  }),
  probe: async (input, context) => {
    const answer = await read(issuePath(input), context);
    if (!answer.ok || !isJsonObject(answer.reply.body)) return undetermined(answer);
    const wanted = changesOf(input);
    const isSet = isSameJson(formerOf(answer.reply.body, Object.keys(wanted)), wanted);
    return isSet ? { status: 'applied', result: { ...answer.reply.body, former: {} } } : { status: 'not-applied' };
  },
  undo: (input, result) => {
    const former = isJsonObject(result) && isJsonObject(result['former']) ? result['former'] : {};
    if (Object.keys(changesOf(input)).some((name) => !Object.hasOwn(former, name))) return undefined;
    const { owner, repo, issue_number } = input;
    return { operation: 'github.issue.update', input: { owner, repo, issue_number, ...former } };
  },
  evidence: [
    spec('PATCH /repos/{owner}/{repo}/issues/{issue_number} (issues/update): title, body, state, labels, assignees'),
  ],
});

const comment = writeOperation({
  ...onIssue,
  name: 'github.issue.comment',
  description: 'Says something on an issue or pull request; everybody on it gets a mail.',
  input: inIssue.extend({ body: fields.body.min(1) }),
  output: z.object({ id: z.int() }),
  provenance: { arguments: { owner: 'target', repo: 'destination', issue_number: 'destination', body: 'content' } },
  effect: told,
  effectKinds: ['communicate'],
  repeat: once('POST /repos/{owner}/{repo}/issues/{issue_number}/comments'),
  execute: httpExecution({
    request: ({ body, ...input }) => call('POST', `${issuePath(input)}/comments`, { body: { body } }),
    repeatable: false,
    result: ({ body }) => body,
  }),
  undo: { none: 'The mails are out.' },
  evidence: [spec('POST /repos/{owner}/{repo}/issues/{issue_number}/comments (issues/create-comment): body')],
});

export const issueOperations = [getIssue, listIssues, createIssue, updateIssue, comment] as const;
