import { z } from 'zod';
import { readOperation, writeOperation } from '../../../src/connector/contract.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { path } from '../../../src/connector/http/path.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { call } from '../call.ts';
import { rights } from '../effects.ts';
import { idempotent, once, spec } from '../evidence.ts';
import { branch, type InRepo, inRepo, login } from '../ids.ts';
import { repoPath } from '../paths.ts';
import { absenceProbe, stateProbe } from '../read-back.ts';
import { branchOf } from '../resources.ts';

const onBranch = z.strictObject({ ...inRepo, branch });
type OnBranch = InRepo & { readonly branch: string };

const protectionPath = (input: OnBranch): string => repoPath(input) + path`/branches/${input.branch}/protection`;

const flag = z.object({ enabled: z.boolean() }).nullish();
const output = z.object({
  enforce_admins: flag,
  allow_force_pushes: flag,
  allow_deletions: flag,
  required_pull_request_reviews: z.object({ required_approving_review_count: z.int().nullish() }).nullish(),
  required_status_checks: z
    .object({ strict: z.boolean().nullish(), contexts: z.array(z.string()).nullish() })
    .nullish(),
});

const shared = {
  resourceTypes: ['GitHub::Branch'],
  resources: (input: OnBranch) => [branchOf(input, input.branch)] as const,
} as const;

const getProtection = readOperation({
  ...shared,
  name: 'github.branch-protection.get',
  description: 'Reads what protects a branch.',
  input: onBranch,
  output,
  labels: () => ['security'],
  execute: httpExecution({
    request: (input) => call('GET', protectionPath(input)),
    repeatable: true,
    result: ({ body }) => body,
  }),
  evidence: [spec('GET /repos/{owner}/{repo}/branches/{branch}/protection (repos/get-branch-protection)')],
});

const names = z.array(login).max(100);
const setInput = z.strictObject({
  ...onBranch.shape,
  required_status_checks: z.strictObject({ strict: z.boolean(), contexts: z.array(z.string()).max(100) }).nullable(),
  enforce_admins: z.boolean().nullable(),
  required_pull_request_reviews: z
    .strictObject({
      required_approving_review_count: z.int().min(0).max(6).optional(),
      dismiss_stale_reviews: z.boolean().optional(),
      require_code_owner_reviews: z.boolean().optional(),
    })
    .nullable(),
  restrictions: z.strictObject({ users: names, teams: names }).nullable(),
  allow_force_pushes: z.boolean().optional(),
  allow_deletions: z.boolean().optional(),
});

const setProtection = writeOperation({
  ...shared,
  name: 'github.branch-protection.set',
  description: 'Replaces all that protects a branch; what is null or left out is not protected any more.',
  input: setInput,
  output,
  provenance: { arguments: { owner: 'target', repo: 'target', branch: 'target', restrictions: 'credential' } },
  effect: () => rights(),
  effectKinds: ['privilege'],
  repeat: idempotent('PUT /repos/{owner}/{repo}/branches/{branch}/protection: replaces the whole'),
  execute: httpExecution({
    request: ({ owner, repo, branch: name, ...body }) =>
      call('PUT', protectionPath({ owner, repo, branch: name }), { body: body as JsonObject }), // the schema's own fields
    repeatable: true,
    result: ({ body }) => body,
  }),
  probe: stateProbe<z.output<typeof setInput>>(protectionPath, isAsAsked),
  undo: { none: 'What protected it before is answered in another form than it is set.' },
  evidence: [
    spec('PUT …/branches/{branch}/protection (repos/update-branch-protection): four fields required, null disables'),
  ],
});

/** As far as the answer repeats what was sent. */
function isAsAsked(body: unknown, input: z.output<typeof setInput>): boolean {
  const there = output.safeParse(body);
  if (!there.success) return false;
  const { enforce_admins: admins, required_pull_request_reviews: reviews, required_status_checks: checks } = there.data;
  return (
    (admins?.enabled ?? false) === (input.enforce_admins ?? false) &&
    (reviews == null) === (input.required_pull_request_reviews === null) &&
    (checks == null) === (input.required_status_checks === null)
  );
}

const removeProtection = writeOperation({
  ...shared,
  name: 'github.branch-protection.remove',
  description: 'Removes all that protects a branch: everybody who may push may force-push and delete it.',
  input: onBranch,
  output: z.object({}),
  provenance: { arguments: { owner: 'target', repo: 'target', branch: 'target' } },
  effect: () => rights(),
  effectKinds: ['privilege'],
  repeat: once('DELETE /repos/{owner}/{repo}/branches/{branch}/protection: 204'),
  execute: httpExecution({
    request: (input) => call('DELETE', protectionPath(input)),
    repeatable: false,
    result: () => ({}),
  }),
  probe: absenceProbe(protectionPath),
  undo: { none: 'What protected it is not kept.' },
  evidence: [spec('DELETE …/branches/{branch}/protection (repos/delete-branch-protection)')],
});

export const protectionOperations = [getProtection, setProtection, removeProtection] as const;
