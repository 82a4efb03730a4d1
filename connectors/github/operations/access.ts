import { z } from 'zod';
import { readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import { call } from '../call.ts';
import { rights } from '../effects.ts';
import { idempotent, once, spec } from '../evidence.ts';
import { inRepo, login, number } from '../ids.ts';
import { repoPath } from '../paths.ts';
import { absenceProbe, read, stateProbe, undetermined } from '../read-back.ts';
import { organization, repository, userOf } from '../resources.ts';

const PERMISSIONS = ['pull', 'triage', 'push', 'maintain', 'admin'] as const;

const listCollaborators = readOperation({
  name: 'github.collaborator.list',
  description: 'Lists who may work on a repository, one page at a time.',
  input: z.strictObject({
    ...inRepo,
    per_page: z.int().min(1).max(100).default(30),
    page: z.int().min(1).max(1_000).default(1),
  }),
  output: z.object({ collaborators: z.array(z.object({ login: z.string(), role_name: z.string().nullish() })) }),
  resourceTypes: ['GitHub::Repository'],
  resources: (input) => [repository(input)],
  labels: () => ['security'],
  touched: ({ collaborators }) => collaborators.map((each) => userOf(each.login)),
  execute: httpExecution({
    request: ({ per_page, page, ...input }) =>
      call('GET', `${repoPath(input)}/collaborators`, { query: { per_page, page } }),
    repeatable: true,
    result: ({ body }) => ({ collaborators: body }),
  }),
  evidence: [spec('GET /repos/{owner}/{repo}/collaborators (repos/list-collaborators): per_page, page')],
});

const collaborator = z.strictObject({ ...inRepo, username: login });
const collaboratorPath = (input: z.output<typeof collaborator>) =>
  repoPath(input) + path`/collaborators/${input.username}`;
const onCollaborator = {
  resourceTypes: ['GitHub::Repository', 'GitHub::User'],
  resources: (input: z.output<typeof collaborator>) => [repository(input), userOf(input.username)] as const,
} as const;

const addCollaborator = writeOperation({
  ...onCollaborator,
  name: 'github.collaborator.add',
  description: 'Lets somebody, inside or outside the organisation, into a repository; `admin` may give it away.',
  input: collaborator.extend({ permission: z.enum(PERMISSIONS).default('push') }),
  output: z.object({ id: z.int().optional() }),
  provenance: { arguments: { owner: 'target', repo: 'target', username: 'destination', permission: 'flag' } },
  effect: () => rights(),
  effectKinds: ['privilege'],
  repeat: idempotent(
    'PUT /repos/{owner}/{repo}/collaborators/{username}: 201 with an invitation, 204 where there is one',
  ),
  execute: httpExecution({
    request: ({ permission, ...input }) => call('PUT', collaboratorPath(input), { body: { permission } }),
    repeatable: true,
    result: ({ body }) => body ?? {},
  }),
  // An invitation that is not answered yet does not show, so its absence tells nothing.
  probe: async (input, context) => {
    const answer = await read(`${collaboratorPath(input)}/permission`, context);
    const found = answer.ok ? z.object({ role_name: z.string() }).safeParse(answer.reply.body) : undefined;
    return found?.success === true && found.data.role_name === ROLES[input.permission]
      ? { status: 'applied', result: {} }
      : undetermined(answer);
  },
  undo: {
    none: 'What the person could do before is not known, and an invitation that is out is not taken back by removing them.',
  },
  evidence: [spec('PUT /repos/{owner}/{repo}/collaborators/{username} (repos/add-collaborator): permission')],
});

/** How reading names what setting calls otherwise [spec]. */
const ROLES: Readonly<Record<(typeof PERMISSIONS)[number], string>> = {
  pull: 'read',
  triage: 'triage',
  push: 'write',
  maintain: 'maintain',
  admin: 'admin',
};

const removeCollaborator = writeOperation({
  ...onCollaborator,
  name: 'github.collaborator.remove',
  description: 'Takes somebody out of a repository; their forks of a private one are deleted.',
  input: collaborator,
  output: z.object({}),
  provenance: { arguments: { owner: 'target', repo: 'target', username: 'target' } },
  effect: () => rights(),
  effectKinds: ['privilege'],
  repeat: once('DELETE /repos/{owner}/{repo}/collaborators/{username}: 204'),
  execute: httpExecution({
    request: (input) => call('DELETE', collaboratorPath(input)),
    repeatable: false,
    result: () => ({}),
  }),
  probe: absenceProbe(collaboratorPath),
  undo: { none: 'What the person could do is not kept, and an invitation must be accepted again.' },
  evidence: [spec('DELETE /repos/{owner}/{repo}/collaborators/{username} (repos/remove-collaborator)')],
});

const membership = z.strictObject({ org: login, username: login });
const onMember = {
  resourceTypes: ['GitHub::Organization', 'GitHub::User'],
  resources: ({ org, username }: z.output<typeof membership>) => [organization(org), userOf(username)] as const,
} as const;
const membershipPath = ({ org, username }: z.output<typeof membership>) => path`/orgs/${org}/memberships/${username}`;

const setMember = writeOperation({
  ...onMember,
  name: 'github.member.set',
  description: 'Invites somebody into the organisation, or changes their role; `admin` owns all of it.',
  input: membership.extend({ role: z.enum(['admin', 'member']).default('member') }),
  output: z.object({ state: z.string(), role: z.string() }),
  provenance: { arguments: { org: 'target', username: 'destination', role: 'flag' } },
  effect: () => rights(),
  effectKinds: ['privilege'],
  repeat: idempotent('PUT /orgs/{org}/memberships/{username}'),
  execute: httpExecution({
    request: ({ role, ...input }) => call('PUT', membershipPath(input), { body: { role } }),
    repeatable: true,
    result: ({ body }) => body,
  }),
  probe: stateProbe<z.output<typeof membership> & { readonly role: string }>(
    membershipPath,
    (body, { role }) => z.object({ role: z.literal(role) }).safeParse(body).success,
  ),
  undo: { none: 'Which role they had, if any, is not kept.' },
  evidence: [spec('PUT /orgs/{org}/memberships/{username} (orgs/set-membership-for-user): role')],
});

const removeMember = writeOperation({
  ...onMember,
  name: 'github.member.remove',
  description: 'Takes somebody out of the organisation, with all that they may do in its repositories.',
  input: membership,
  output: z.object({}),
  provenance: { arguments: { org: 'target', username: 'target' } },
  effect: () => rights(),
  effectKinds: ['privilege'],
  repeat: once('DELETE /orgs/{org}/members/{username}: 204'),
  execute: httpExecution({
    request: ({ org, username }) => call('DELETE', path`/orgs/${org}/members/${username}`),
    repeatable: false,
    result: () => ({}),
  }),
  probe: async (input, context) => {
    const answer = await read(membershipPath(input), context);
    return answer.ok ? { status: 'not-applied' } : undetermined(answer);
  },
  undo: { none: 'A new member has none of the rights that this one had.' },
  evidence: [spec('DELETE /orgs/{org}/members/{username} (orgs/remove-member)')],
});

const keyPath = (input: z.output<typeof deployKey>) => repoPath(input) + path`/keys/${input.key_id}`;
const deployKey = z.strictObject({ ...inRepo, key_id: number });

const addDeployKey = writeOperation({
  name: 'github.deploy-key.create',
  description: 'Lets whoever has the private key into the repository; with `read_only: false` also to push.',
  input: z.strictObject({
    ...inRepo,
    title: z.string().min(1).max(255),
    key: z
      .string()
      .regex(/^(?:ssh-(?:ed25519|rsa)|ecdsa-sha2-nistp\d+) [A-Za-z0-9+/=]+(?: .*)?$/, 'a public SSH key')
      .max(8_192),
    read_only: z.boolean().default(true),
  }),
  output: z.object({ id: z.int(), title: z.string().nullish(), read_only: z.boolean().nullish() }),
  resourceTypes: ['GitHub::Repository'],
  resources: (input) => [repository(input)],
  provenance: { arguments: { owner: 'target', repo: 'target', key: 'credential', read_only: 'flag' } },
  effect: () => rights('operation'),
  effectKinds: ['privilege'],
  repeat: once('POST /repos/{owner}/{repo}/keys'),
  execute: httpExecution({
    request: ({ title, key, read_only, ...input }) =>
      call('POST', `${repoPath(input)}/keys`, { body: { title, key, read_only } }),
    repeatable: false,
    result: ({ body }) => body,
  }),
  probe: async (input, context) => {
    const answer = await read(`${repoPath(input)}/keys`, context, { per_page: 100 });
    const found = answer.ok
      ? z.array(z.object({ id: z.int(), key: z.string() })).safeParse(answer.reply.body)
      : undefined;
    if (found?.success !== true || found.data.length >= 100) return undetermined(answer);
    const same = found.data.find(({ key }) => bare(key) === bare(input.key));
    return same === undefined ? { status: 'not-applied' } : { status: 'applied', result: same };
  },
  undo: ({ owner, repo }, result) => {
    const made = z.object({ id: z.int() }).safeParse(result);
    return made.success
      ? { operation: 'github.deploy-key.delete', input: { owner, repo, key_id: made.data.id } }
      : undefined;
  },
  evidence: [spec('POST /repos/{owner}/{repo}/keys (repos/create-deploy-key): 201; a key in use is refused with 422')],
});

/** GitHub leaves the comment of a key out. */
function bare(key: string): string {
  return key.split(' ').slice(0, 2).join(' ');
}

const removeDeployKey = writeOperation({
  name: 'github.deploy-key.delete',
  description: 'Shuts out whatever uses the key.',
  input: deployKey,
  output: z.object({}),
  resourceTypes: ['GitHub::Repository'],
  resources: (input) => [repository(input)],
  provenance: { arguments: { owner: 'target', repo: 'target', key_id: 'target' } },
  effect: () => rights(),
  effectKinds: ['privilege'],
  repeat: once('DELETE /repos/{owner}/{repo}/keys/{key_id}: 204'),
  execute: httpExecution({
    request: (input) => call('DELETE', keyPath(input)),
    repeatable: false,
    result: () => ({}),
  }),
  probe: absenceProbe(keyPath),
  undo: { none: 'The key is not kept.' },
  evidence: [spec('DELETE /repos/{owner}/{repo}/keys/{key_id} (repos/delete-deploy-key)')],
});

const secretName = z.string().regex(/^(?!GITHUB_)[A-Z_][A-Z0-9_]{0,99}$/, 'a name, as DEPLOY_TOKEN');
const secret = z.strictObject({ ...inRepo, name: secretName });
const secretPath = (input: z.output<typeof secret>) => repoPath(input) + path`/actions/secrets/${input.name}`;
const onSecret = {
  resourceTypes: ['GitHub::Repository'],
  resources: (input: z.output<typeof secret>) => [repository(input)] as const,
} as const;

const setSecret = writeOperation({
  ...onSecret,
  name: 'github.secret.set',
  description:
    "Sets a secret of the repository's workflows. It comes sealed with the repository's public key (`key_id`), so that nobody on the way can read it.",
  input: secret.extend({
    encrypted_value: z.string().regex(/^[A-Za-z0-9+/]{64,88000}={0,2}$/, 'a sealed box in base64'),
    key_id: z.string().regex(/^[0-9]{1,30}$/, 'the id of the public key that it is sealed with'),
  }),
  output: z.object({}),
  provenance: { arguments: { owner: 'target', repo: 'target', name: 'target', encrypted_value: 'credential' } },
  effect: () => rights(),
  effectKinds: ['privilege'],
  repeat: idempotent('PUT /repos/{owner}/{repo}/actions/secrets/{secret_name}: 201 or 204'),
  execute: httpExecution({
    request: ({ encrypted_value, key_id, ...input }) =>
      call('PUT', secretPath(input), { body: { encrypted_value, key_id } }),
    repeatable: true,
    result: () => ({}),
  }),
  undo: { none: 'Nobody can read what it was before.' },
  evidence: [
    spec('PUT …/actions/secrets/{secret_name} (actions/create-or-update-repo-secret): encrypted_value, key_id'),
  ],
});

const removeSecret = writeOperation({
  ...onSecret,
  name: 'github.secret.delete',
  description: 'Deletes a secret: workflows that use it fail.',
  input: secret,
  output: z.object({}),
  provenance: { arguments: { owner: 'target', repo: 'target', name: 'target' } },
  effect: () => rights(),
  effectKinds: ['privilege'],
  repeat: once('DELETE /repos/{owner}/{repo}/actions/secrets/{secret_name}: 204'),
  execute: httpExecution({
    request: (input) => call('DELETE', secretPath(input)),
    repeatable: false,
    result: () => ({}),
  }),
  probe: absenceProbe(secretPath),
  undo: { none: 'Nobody can read what it was.' },
  evidence: [spec('DELETE …/actions/secrets/{secret_name} (actions/delete-repo-secret)')],
});

export const accessOperations = [
  listCollaborators,
  addCollaborator,
  removeCollaborator,
  setMember,
  removeMember,
  addDeployKey,
  removeDeployKey,
  setSecret,
  removeSecret,
] as const;
