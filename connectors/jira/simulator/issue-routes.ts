import { isJsonObject, type Json, type JsonObject } from '../../../src/lib/json.ts';
import { NO_CONTENT, NOT_FOUND, type Route, refuse, type SiteCall } from './route.ts';
import { type Issue, SEED } from './seed.ts';

const ONE = /^\/issue\/([A-Z]+-\d+)$/;
const on = (what: string): RegExp => new RegExp(`^/issue/([A-Z]+-\\d+)/${what}$`);

/** A route to one issue that is there and not archived. */
function issueRoute(
  method: string,
  pattern: RegExp,
  handle: (issue: Issue, call: SiteCall) => ReturnType<Route['handle']>,
): Route {
  return {
    method,
    pattern,
    handle: (call) => {
      const issue = call.site.issues.get(call.params[0] ?? '');
      return issue === undefined ? NOT_FOUND : handle(issue, call);
    },
  };
}

function setFields(
  { site, world }: SiteCall,
  issue: Issue,
  { fields, effect }: { fields: JsonObject; effect: string },
) {
  const changed = { ...issue, fields: { ...issue.fields, ...fields } };
  if (JSON.stringify(changed) !== JSON.stringify(issue)) world.audit(effect, issue.key);
  site.issues.set(issue.key, changed);
  return NO_CONTENT;
}

const strings = (value: Json | undefined): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
const keyOf = (value: Json | undefined): string => (isJsonObject(value) ? String(value['key'] ?? value['id']) : '');

export const issueRoutes: readonly Route[] = [
  { method: 'POST', pattern: /^\/issue$/, handle: create },
  { method: 'POST', pattern: /^\/search\/jql$/, handle: search },
  { method: 'PUT', pattern: /^\/issue\/(archive|unarchive)$/, handle: archive },
  issueRoute('GET', ONE, ({ properties: _, ...issue }) => ({ status: 200, body: issue })),
  issueRoute('PUT', ONE, (issue, call) => {
    const { fields } = call.body;
    return setFields(call, issue, { fields: isJsonObject(fields) ? fields : {}, effect: 'issue.update' });
  }),
  issueRoute('DELETE', ONE, ({ key }, { site, world }) => {
    site.issues.delete(key);
    world.audit('issue.delete', key);
    return NO_CONTENT;
  }),
  issueRoute('PUT', on('assignee'), (issue, call) => {
    const accountId = call.body['accountId'] ?? null;
    const assignee = accountId === null ? null : { accountId, displayName: accountId === SEED.ada ? 'Ada' : 'Grace' };
    return setFields(call, issue, { fields: { assignee }, effect: 'issue.assign' });
  }),
  issueRoute('GET', on('transitions'), () => ({
    status: 200,
    body: { transitions: [{ id: '31', name: 'Finish', to: { name: 'Done' } }] },
  })),
  issueRoute('POST', on('transitions'), (issue, call) =>
    keyOf(call.body['transition']) === '31'
      ? setFields(call, issue, { fields: { status: { name: 'Done' } }, effect: 'issue.transition' })
      : refuse(400, 'The transition is not valid.'),
  ),
  issueRoute('POST', on('comment'), ({ key }, { world }) => {
    world.audit('issue.comment', key);
    return { status: 201, body: { id: '500' } };
  }),
  issueRoute('POST', on('notify'), ({ key }, { world }) => {
    world.audit('issue.notify', key);
    return NO_CONTENT;
  }),
  {
    method: 'POST',
    pattern: /^\/issueLink$/,
    handle: (call) => {
      const outward = call.site.issues.get(keyOf(call.body['outwardIssue']));
      if (outward === undefined) return NOT_FOUND;
      const link = { type: call.body['type'] ?? null, inwardIssue: { key: keyOf(call.body['inwardIssue']) } };
      const links = outward.fields['issuelinks'];
      const issuelinks = [...(Array.isArray(links) ? links : []), link];
      return { ...setFields(call, outward, { fields: { issuelinks }, effect: 'issue.link' }), status: 201 };
    },
  },
  {
    method: 'POST',
    pattern: /^\/bulk\/issues\/delete$/,
    handle: ({ site, world, body }) => {
      for (const key of strings(body['selectedIssueIdsOrKeys']))
        if (site.issues.delete(key)) world.audit('issue.delete', key);
      const taskId = world.id();
      site.tasks.add(taskId);
      return { status: 201, body: { taskId } };
    },
  },
  {
    method: 'GET',
    pattern: /^\/bulk\/queue\/([0-9a-f]+)$/,
    handle: ({ site, params: [taskId = ''] }) =>
      site.tasks.has(taskId) ? { status: 200, body: { taskId, status: 'COMPLETE' } } : NOT_FOUND,
  },
];

function create({ site, world, body }: SiteCall) {
  const fields = isJsonObject(body['fields']) ? body['fields'] : {};
  if (site.projects.get(keyOf(fields['project'])) === undefined) return refuse(400, 'valid project is required');
  const id = String(10 + site.issues.size);
  const key = `${keyOf(fields['project'])}-${id}`;
  const marks = (Array.isArray(body['properties']) ? body['properties'] : []).filter(isJsonObject);
  const properties = Object.fromEntries(marks.map(({ key: name, value = null }) => [String(name), value]));
  site.issues.set(key, { id, key, properties, fields: { status: { name: 'Open' }, ...fields } });
  world.audit('issue.create', key);
  return { status: 201, body: { id, key } };
}

/** Knows of a query its project alone. */
function search({ site, body }: SiteCall) {
  const project = /project = "([A-Z]+)"/.exec(String(body['jql']))?.[1];
  const asked = strings(body['properties']);
  const found = [...site.issues.values()].filter(({ key }) => key.startsWith(`${project}-`) && !site.archived.has(key));
  const from = Number(body['nextPageToken'] ?? 0);
  const to = from + Number(body['maxResults'] ?? 50);
  const issues = found
    .slice(from, to)
    .map(({ properties, ...issue }) => (asked.length === 0 ? issue : { ...issue, properties }));
  return { status: 200, body: { issues, ...(to < found.length ? { nextPageToken: String(to) } : {}) } };
}

function archive({ site, world, body, params: [verb] }: SiteCall) {
  let changed = 0;
  for (const key of strings(body['issueIdsOrKeys'])) {
    if (!site.issues.has(key) || site.archived.has(key) === (verb === 'archive')) continue;
    if (verb === 'archive') site.archived.add(key);
    else site.archived.delete(key);
    world.audit(`issue.${verb}`, key);
    changed += 1;
  }
  return { status: 200, body: { numberOfIssuesUpdated: changed } };
}
