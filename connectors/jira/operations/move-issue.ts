import { z } from 'zod';
import { writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import { isJsonObject } from '../../../src/lib/json.ts';
import { call } from '../call.ts';
import { documentOf } from '../document.ts';
import { change, told } from '../effects.ts';
import { mem, once, sdk } from '../evidence.ts';
import { accountId, issueKey, numericId } from '../ids.ts';
import { read, stateProbe, undetermined } from '../read-back.ts';
import { rememberingExecution } from '../remember-execution.ts';
import { issue } from '../resources.ts';
import { inIssue, issuePath, issueShape, onIssue } from './issue-shape.ts';

const transitions = z.object({
  transitions: z.array(z.object({ id: z.string(), to: z.object({ name: z.string() }) })),
});

const transitionInput = inIssue.extend({ transition: numericId, to: z.string().min(1).max(60) });

export const transitionIssue = writeOperation({
  ...onIssue,
  name: 'jira.issue.transition',
  description:
    'Moves an issue to another status; what its workflow then does (approve, deploy, mail) the call does not say.',
  input: transitionInput,
  output: z.object({ former: z.object({}) }),
  provenance: { arguments: { issue: 'target', transition: 'flag', to: 'flag' } },
  effect: () => change('execute', { external: true, privileged: true }),
  effectKinds: ['execute'],
  repeat: once('POST /issue/{key}/transitions'),
  // A transition is a bare number: that it leads where the policy was told is looked up before.
  execute: rememberingExecution({
    look: (input) => call('GET', `${issuePath(input)}/transitions`),
    former: (body, { transition, to }) => {
      const leads = transitions.parse(body).transitions.find(({ id }) => id === transition)?.to.name;
      if (leads !== to) throw new TypeError('the transition does not lead there');
      return {};
    },
    request: (input) =>
      call('POST', `${issuePath(input)}/transitions`, { body: { transition: { id: input.transition } } }),
    repeatable: false,
  }),
  probe: stateProbe(
    (input: z.output<typeof transitionInput>) => ({ path: issuePath(input) }),
    (body, input) => issueShape.parse(body).fields.status.name === input.to,
    { former: {} },
  ),
  undo: { none: 'What its workflow set off has happened.' },
  evidence: [sdk('issues.doTransition: transition.id')],
});

const text = z.string().min(1).max(32_000);

export const comment = writeOperation({
  ...onIssue,
  name: 'jira.issue.comment',
  description: 'Says something on an issue; everybody who watches it and may read it gets a mail.',
  input: inIssue.extend({
    body: text,
    /** The project role that alone may read it; left out, everybody who sees the issue does. */
    role: z.string().min(1).max(255).optional(),
  }),
  output: z.object({ id: z.string() }),
  provenance: { arguments: { issue: 'destination', body: 'content', role: 'destination' } },
  effect: told,
  effectKinds: ['communicate'],
  repeat: once('POST /issue/{key}/comment'),
  execute: httpExecution({
    request: ({ body, role, ...input }) =>
      call('POST', `${issuePath(input)}/comment`, {
        body: {
          body: documentOf(body),
          ...(role === undefined ? {} : { visibility: { type: 'role', value: role } }),
        },
      }),
    repeatable: false,
    result: ({ body }) => body,
  }),
  undo: { none: 'The mails are out.' },
  evidence: [sdk('issueComments.addComment: body, visibility')],
});

export const notify = writeOperation({
  ...onIssue,
  name: 'jira.issue.notify',
  description: 'Mails people about an issue.',
  input: inIssue.extend({ subject: z.string().min(1).max(255), text, to: z.array(accountId).min(1).max(50) }),
  output: z.object({}),
  provenance: { arguments: { issue: 'target', subject: 'content', text: 'content', to: 'destination' } },
  effect: (input) => change('communicate', { external: true, count: input.to.length }),
  effectKinds: ['communicate'],
  repeat: once('POST /issue/{key}/notify'),
  execute: httpExecution({
    request: ({ subject, text, to, ...input }) =>
      call('POST', `${issuePath(input)}/notify`, {
        body: { subject, textBody: text, to: { users: to.map((id) => ({ accountId: id })) } },
      }),
    repeatable: false,
    result: () => ({}),
  }),
  undo: { none: 'The mails are out.' },
  evidence: [sdk('issues.notify: subject, textBody, to.users')],
});

const links = z.object({
  fields: z.object({
    issuelinks: z.array(
      z.object({ type: z.object({ name: z.string() }), inwardIssue: z.object({ key: z.string() }).nullish() }),
    ),
  }),
});

export const linkIssues = writeOperation({
  name: 'jira.issue.link',
  description: 'Links two issues.',
  input: z.strictObject({ type: z.string().min(1).max(60), inward: issueKey, outward: issueKey }),
  output: z.object({}),
  resourceTypes: ['Jira::Issue'],
  resources: (input) => [issue(input.inward), issue(input.outward)],
  provenance: { arguments: { inward: 'target', outward: 'target', type: 'flag' } },
  effect: () => change('update'),
  effectKinds: ['update'],
  repeat: once('POST /issueLink'),
  execute: httpExecution({
    request: ({ type, inward, outward }) =>
      call('POST', '/issueLink', {
        body: { type: { name: type }, inwardIssue: { key: inward }, outwardIssue: { key: outward } },
      }),
    repeatable: false,
    result: () => ({}),
  }),
  probe: async (input, context) => {
    const answer = await read(path`/issue/${input.outward}`, context, { fields: 'issuelinks' });
    const found = answer.ok ? links.safeParse(answer.reply.body) : undefined;
    if (found?.success !== true) return undetermined(answer);
    const isThere = found.data.fields.issuelinks.some(
      ({ type, inwardIssue }) => type.name === input.type && inwardIssue?.key === input.inward,
    );
    return isThere ? { status: 'applied', result: {} } : { status: 'not-applied' };
  },
  undo: { none: 'The answer does not name the link; a person removes it from the issue.' },
  evidence: [sdk('issueLinks.linkIssues: type, inwardIssue, outwardIssue')],
});

/** Archived issues are read-only and found by no search. */
function archiving(verb: 'archive' | 'unarchive', undoneBy: 'archive' | 'unarchive') {
  return writeOperation({
    name: `jira.issue.${verb}`,
    description:
      verb === 'archive' ? 'Takes issues out of sight and out of work.' : 'Brings archived issues back (unverified).',
    input: z.strictObject({ issues: z.array(issueKey).min(1).max(100) }),
    output: z.object({ numberOfIssuesUpdated: z.int() }),
    resourceTypes: ['Jira::Issue'],
    resources: ({ issues: [first = '', ...others] }) => [issue(first), ...others.map(issue)],
    provenance: { arguments: { issues: 'target' } },
    effect: (input) =>
      change(verb === 'archive' ? 'isolate' : 'update', { reversible: 'operation', count: input.issues.length }),
    effectKinds: [verb === 'archive' ? 'isolate' : 'update'],
    repeat: once(`PUT /issue/${verb}`, verb === 'archive' ? 'spec' : 'mem'),
    execute: httpExecution({
      request: ({ issues }) => call('PUT', `/issue/${verb}`, { body: { issueIdsOrKeys: issues } }),
      repeatable: false,
      result: ({ body }) => body,
    }),
    // Only what was changed by this call is taken back, and only if all of it was.
    undo: ({ issues }, result) =>
      isJsonObject(result) && result['numberOfIssuesUpdated'] === issues.length
        ? { operation: `jira.issue.${undoneBy}`, input: { issues } }
        : undefined,
    evidence: [
      verb === 'archive'
        ? { mark: 'spec', source: 'PUT /rest/api/3/issue/archive (archiveIssues): issueIdsOrKeys' }
        : mem('PUT /rest/api/3/issue/unarchive takes what archiving takes'),
    ],
  });
}

export const archiveIssues = archiving('archive', 'unarchive');
export const unarchiveIssues = archiving('unarchive', 'archive');

const task = z.object({ status: z.string() });

export const deleteIssues = writeOperation({
  name: 'jira.issue.bulk-delete',
  description: 'Deletes up to a thousand issues for good; Jira goes on with it by itself.',
  input: z.strictObject({ issues: z.array(issueKey).min(1).max(1_000), notify: z.boolean().default(false) }),
  output: z.object({ taskId: z.string() }),
  resourceTypes: ['Jira::Issue'],
  resources: ({ issues: [first = '', ...others] }) => [issue(first), ...others.map(issue)],
  provenance: { arguments: { issues: 'target', notify: 'flag' } },
  effect: (input) => change('delete', { count: input.issues.length, external: input.notify }),
  effectKinds: ['delete'],
  repeat: once('POST /bulk/issues/delete'),
  execute: httpExecution({
    request: ({ issues, notify }) =>
      call('POST', '/bulk/issues/delete', {
        body: { selectedIssueIdsOrKeys: issues, sendBulkNotification: notify },
      }),
    repeatable: false,
    result: ({ body }) => body,
    accepted: ({ body }) => z.object({ taskId: z.string() }).parse(body),
  }),
  probe: async (_, context) => {
    const taskId = context.handle?.['taskId'];
    if (typeof taskId !== 'string') return { status: 'undetermined', detail: 'The task is not known.' };
    const answer = await read(path`/bulk/queue/${taskId}`, context);
    const found = answer.ok ? task.safeParse(answer.reply.body) : undefined;
    if (found?.success !== true) return undetermined(answer);
    if (found.data.status === 'COMPLETE') return { status: 'applied', result: { taskId } };
    if (['ENQUEUED', 'RUNNING'].includes(found.data.status)) return { status: 'running' };
    return undetermined(answer);
  },
  undo: { none: 'Jira keeps no copy.' },
  evidence: [sdk('issueBulkOperations.submitBulkDelete, getBulkOperationProgress')],
});
