import { z } from 'zod';
import { writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { isJsonObject, type JsonObject } from '../../../src/lib/json.ts';
import { isSameJson } from '../../../src/lib/same-json.ts';
import { call } from '../call.ts';
import { documentOf } from '../document.ts';
import { ALL_OF_IT, change, told } from '../effects.ts';
import { idempotent, once, sdk } from '../evidence.ts';
import { accountId, issueKey, projectKey } from '../ids.ts';
import { jqlOf } from '../jql.ts';
import { stateProbe, undetermined } from '../read-back.ts';
import { remembered, rememberingExecution } from '../remember-execution.ts';
import { issue, project } from '../resources.ts';
import { inIssue, issuePath, issueShape, onIssue } from './issue-shape.ts';

const text = z.string().min(1).max(32_000);
const fields = {
  summary: z.string().min(1).max(255),
  description: text,
  labels: z.array(z.string().regex(/^\S{1,255}$/)).max(50),
  duedate: z.iso.date().nullable(),
};

/** The property that carries the action's mark. */
const MARK = 'interlock';

export const createIssue = writeOperation({
  name: 'jira.issue.create',
  description: 'Creates an issue; whoever the project notifies gets a mail.',
  input: z.strictObject({
    project: projectKey,
    type: z.string().min(1).max(60),
    summary: fields.summary,
    ...z.strictObject(fields).omit({ summary: true }).partial().shape,
    assignee: accountId.optional(),
    parent: issueKey.optional(),
  }),
  output: z.object({ id: z.string(), key: z.string() }),
  resourceTypes: ['Jira::Project', 'Jira::Issue'],
  resources: (input) => [project(input.project)],
  touched: ({ key }) => [issue(key)],
  provenance: {
    arguments: { project: 'destination', summary: 'content', description: 'content', assignee: 'destination' },
  },
  effect: told,
  effectKinds: ['communicate'],
  repeat: once('POST /issue'),
  execute: httpExecution({
    request: ({ project, type, assignee, parent, description, ...rest }, { actionId }) =>
      call('POST', '/issue', {
        body: {
          fields: {
            ...(rest as JsonObject), // the schema's own fields, all JSON
            project: { key: project },
            issuetype: { name: type },
            ...(description === undefined ? {} : { description: documentOf(description) }),
            ...(assignee === undefined ? {} : { assignee: { accountId: assignee } }),
            ...(parent === undefined ? {} : { parent: { key: parent } }),
          },
          properties: [{ key: MARK, value: actionId }],
        },
      }),
    repeatable: false,
    result: ({ body }) => body,
  }),
  // The index lags behind: what is not found may still be there.
  probe: async (input, { http, signal, actionId }) => {
    const body = { jql: jqlOf({ project: input.project }), fields: ['summary'], properties: [MARK], maxResults: 50 };
    const answer = await http.send(call('POST', '/search/jql', { body }), { repeatable: true, reads: true, signal });
    if (!answer.ok) return undetermined(answer);
    const marked = z.object({ id: z.string(), key: z.string(), properties: z.record(z.string(), z.json()).nullish() });
    const found = z.object({ issues: z.array(marked) }).safeParse(answer.reply.body);
    const made = found.success
      ? found.data.issues.find(({ properties }) => properties?.[MARK] === actionId)
      : undefined;
    return made === undefined ? undetermined(answer) : { status: 'applied', result: { id: made.id, key: made.key } };
  },
  undo: { none: 'The mails are out; deleting the issue is for a person to decide.' },
  evidence: [sdk('issues.createIssue: fields, properties')],
});

const updateInput = inIssue
  .extend({ ...z.strictObject(fields).partial().shape, notify: z.boolean().default(true) })
  .refine((input) => Object.keys(input).length > 2, 'name at least one field to change');
type Update = z.output<typeof updateInput>;

function changesOf({ issue: _, notify: _notify, description, ...rest }: Update): JsonObject {
  const plain = rest as JsonObject; // the schema's own fields, all JSON
  return description === undefined ? plain : { ...plain, description: documentOf(description) };
}

const restorable = (input: Update): boolean => !input.notify && input.description === undefined;

/** The same fields as they are now. */
function presentOf(body: unknown, input: Update): JsonObject {
  const there = issueShape.parse(body).fields as JsonObject; // parsed JSON
  return Object.fromEntries(Object.keys(changesOf(input)).map((name) => [name, there[name] ?? null]));
}

export const updateIssue = writeOperation({
  ...onIssue,
  name: 'jira.issue.update',
  description: 'Changes fields of an issue; `notify`, which is the default, mails everybody who watches it.',
  input: updateInput,
  output: z.object({ former: z.record(z.string(), z.json()) }),
  provenance: { arguments: { issue: 'target', summary: 'content', description: 'content', notify: 'flag' } },
  effect: (input) => (input.notify ? told() : change('update', { reversible: restorable(input) ? 'operation' : 'no' })),
  effectKinds: ['update', 'communicate'],
  // A repeat sets the same and mails again.
  repeat: once('PUT /issue/{key}?notifyUsers'),
  execute: rememberingExecution({
    look: (input) => call('GET', issuePath(input)),
    former: presentOf,
    request: (input) =>
      call('PUT', issuePath(input), {
        query: { notifyUsers: String(input.notify) },
        body: { fields: changesOf(input) },
      }),
    repeatable: false,
  }),
  probe: stateProbe(
    (input: Update) => ({ path: issuePath(input) }),
    (body, input) => isSameJson(presentOf(body, input), changesOf(input)),
    { former: {} },
  ),
  undo: (input, result) => {
    const former = remembered(result);
    if (!restorable(input) || !isJsonObject(former) || Object.keys(former).length === 0) return undefined;
    return { operation: 'jira.issue.update', input: { issue: input.issue, ...former, notify: false } };
  },
  evidence: [sdk('issues.editIssue: notifyUsers, fields')],
});

export const deleteIssue = writeOperation({
  ...onIssue,
  name: 'jira.issue.delete',
  description: 'Deletes an issue for good, with all its subtasks where that is asked.',
  input: inIssue.extend({ delete_subtasks: z.boolean().default(false) }),
  output: z.object({}),
  provenance: { arguments: { issue: 'target', delete_subtasks: 'flag' } },
  effect: (input) => change('delete', { count: input.delete_subtasks ? ALL_OF_IT : 1 }),
  effectKinds: ['delete'],
  repeat: once('DELETE /issue/{key}'),
  execute: httpExecution({
    request: (input) => call('DELETE', issuePath(input), { query: { deleteSubtasks: String(input.delete_subtasks) } }),
    repeatable: false,
    result: () => ({}),
  }),
  // There means not deleted; not there can also mean that this credential may not look.
  probe: stateProbe(
    (input: z.output<typeof inIssue>) => ({ path: issuePath(input) }),
    () => false,
  ),
  undo: { none: 'Jira keeps no copy.' },
  evidence: [sdk('issues.deleteIssue: deleteSubtasks')],
});

export const assignIssue = writeOperation({
  ...onIssue,
  name: 'jira.issue.assign',
  description: 'Gives an issue to somebody, or to nobody.',
  input: inIssue.extend({ assignee: accountId.nullable() }),
  output: z.object({ former: z.object({ assignee: z.string().nullish() }) }),
  provenance: { arguments: { issue: 'target', assignee: 'destination' } },
  effect: () => change('update', { reversible: 'operation' }),
  effectKinds: ['update'],
  repeat: idempotent('PUT /issue/{key}/assignee'),
  execute: rememberingExecution({
    look: (input) => call('GET', issuePath(input)),
    former: (body) => ({ assignee: issueShape.parse(body).fields.assignee?.accountId ?? null }),
    request: (input) => call('PUT', `${issuePath(input)}/assignee`, { body: { accountId: input.assignee } }),
    repeatable: true,
  }),
  probe: stateProbe(
    (input: { readonly issue: string; readonly assignee: string | null }) => ({ path: issuePath(input) }),
    (body, input) => (issueShape.parse(body).fields.assignee?.accountId ?? null) === input.assignee,
    { former: {} },
  ),
  undo: (input, result) => {
    const former = remembered(result);
    if (!isJsonObject(former) || former['assignee'] === undefined) return undefined;
    return { operation: 'jira.issue.assign', input: { issue: input.issue, assignee: former['assignee'] } };
  },
  evidence: [sdk('issues.assignIssue: accountId')],
});
