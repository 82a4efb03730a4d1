import { isJsonObject, type JsonObject } from '../../../src/lib/json.ts';
import { NOT_FOUND, type RepoCall, type Route, refuse, removal } from './route.ts';

const CONTENT = /^\/contents\/(.+)$/;

/** Files, branches, issues and pull requests. */
export const contentRoutes: readonly Route[] = [
  {
    method: 'GET',
    pattern: CONTENT,
    handle: ({ repository, params: [path = ''] }) => {
      const file = repository.files.get(path);
      if (file === undefined) return NOT_FOUND;
      return { status: 200, body: { type: 'file', path, size: file.content.length, ...file } };
    },
  },
  { method: 'PUT', pattern: CONTENT, handle: putFile },
  {
    method: 'DELETE',
    pattern: CONTENT,
    handle: ({ repository, params: [path = ''], body, world }) => {
      const file = repository.files.get(path);
      if (file === undefined) return NOT_FOUND;
      if (file.sha !== body['sha']) return refuse(409, `${path} does not match ${String(body['sha'])}`);
      repository.files.delete(path);
      world.audit('file.delete', path);
      return { status: 200, body: { content: null, commit: { sha: shaOf(world.id()) } } };
    },
  },
  {
    method: 'GET',
    pattern: /^\/git\/ref\/heads\/(.+)$/,
    handle: ({ repository, params: [branch = ''] }) => {
      const sha = repository.branches.get(branch);
      return sha === undefined ? NOT_FOUND : { status: 200, body: refOf(branch, sha) };
    },
  },
  {
    method: 'POST',
    pattern: /^\/git\/refs$/,
    handle: ({ repository, body, world }) => {
      const branch = String(body['ref']).replace('refs/heads/', '');
      if (repository.branches.has(branch)) return refuse(422, 'Reference already exists');
      repository.branches.set(branch, String(body['sha']));
      world.audit('branch.create', branch);
      return { status: 201, body: refOf(branch, String(body['sha'])) };
    },
  },
  {
    method: 'DELETE',
    pattern: /^\/git\/refs\/heads\/(.+)$/,
    handle: ({ repository, params: [branch = ''], world }) =>
      removal(repository.branches, branch, () => world.audit('branch.delete', branch)),
  },
  {
    method: 'PUT',
    pattern: /^\/pulls\/(\d+)\/merge$/,
    handle: ({ repository, params: [number], body, world }) => {
      const pull = repository.issues.get(Number(number));
      if (pull === undefined) return NOT_FOUND;
      if (pull['merged'] === true) return refuse(405, 'Pull Request is not mergeable');
      const head = pull['head'];
      if (isJsonObject(head) && head['sha'] !== body['sha']) return refuse(409, 'Head branch was modified.');
      repository.issues.set(Number(number), { ...pull, merged: true, state: 'closed' });
      world.audit('pull.merge', String(number));
      return { status: 200, body: { sha: shaOf(world.id()), merged: true } };
    },
  },
  { method: 'GET', pattern: /^\/(?:issues|pulls)\/(\d+)$/, handle: getIssue },
  {
    method: 'GET',
    pattern: /^\/issues$/,
    handle: ({ repository }) => ({ status: 200, body: [...repository.issues.values()] }),
  },
  {
    method: 'POST',
    pattern: /^\/issues$/,
    handle: ({ repository, body, world }) => {
      const number = Math.max(...repository.issues.keys()) + 1;
      const issue = { number, state: 'open', body: null, labels: [], assignees: [], ...body };
      repository.issues.set(number, issue);
      world.audit('issue.create', String(number));
      return { status: 201, body: issue };
    },
  },
  {
    method: 'PATCH',
    pattern: /^\/issues\/(\d+)$/,
    handle: ({ repository, params: [number], body, world }) => {
      const before = repository.issues.get(Number(number));
      if (before === undefined) return NOT_FOUND;
      const issue = { ...before, ...body };
      if (JSON.stringify(issue) !== JSON.stringify(before)) world.audit('issue.update', String(number));
      repository.issues.set(Number(number), issue);
      return { status: 200, body: issue };
    },
  },
  {
    method: 'POST',
    pattern: /^\/issues\/(\d+)\/comments$/,
    handle: ({ repository, params: [number], world }) => {
      if (!repository.issues.has(Number(number))) return NOT_FOUND;
      world.audit('issue.comment', String(number));
      return { status: 201, body: { id: 1 } };
    },
  },
];

function getIssue({ repository, params: [number] }: RepoCall) {
  const issue = repository.issues.get(Number(number));
  return issue === undefined ? NOT_FOUND : { status: 200, body: issue };
}

function putFile({ repository, params: [path = ''], body, world }: RepoCall) {
  const file = repository.files.get(path);
  if (file !== undefined && body['sha'] === undefined) return refuse(422, 'Invalid request. "sha" wasn\'t supplied.');
  if (body['sha'] !== undefined && file?.sha !== body['sha']) return refuse(409, `${path} does not match`);
  const sha = shaOf(world.id());
  repository.files.set(path, { sha, content: String(body['content']) });
  world.audit('file.put', path);
  const made: JsonObject = { content: { path, sha }, commit: { sha: shaOf(world.id()) } };
  return { status: file === undefined ? 201 : 200, body: made };
}

function refOf(branch: string, sha: string): JsonObject {
  return { ref: `refs/heads/${branch}`, object: { sha } };
}

function shaOf(id: string): string {
  return `${id}00000000`;
}
