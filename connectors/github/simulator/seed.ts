import type { JsonObject } from '../../../src/lib/json.ts';

export const SIMULATED_TOKEN = 'simulated-github-token';
const sha = (digit: string) => digit.repeat(40);

/** What a fresh world has: one repository of one organisation. */
export const SEED = {
  owner: 'acme',
  repo: 'billing',
  main: sha('a'),
  feature: sha('b'),
  readme: sha('c'),
  issue: 1,
  pull: 2,
  key: 7,
  member: 'grace',
  outsider: 'mallory',
  publicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIseeded',
} as const;

export interface Repository {
  readonly about: JsonObject;
  readonly branches: Map<string, string>;
  readonly protections: Map<string, JsonObject>;
  readonly collaborators: Map<string, string>;
  readonly keys: Map<number, JsonObject>;
  readonly secrets: Set<string>;
  readonly files: Map<string, { readonly sha: string; readonly content: string }>;
  readonly issues: Map<number, JsonObject>;
}

export interface World {
  readonly repositories: Map<string, Repository>;
  /** Role by login. */
  readonly members: Map<string, string>;
}

export function seedWorld(): World {
  const { owner, repo } = SEED;
  const about = {
    id: 1,
    name: repo,
    full_name: `${owner}/${repo}`,
    owner: { login: owner },
    description: 'Bills.',
    visibility: 'private',
    archived: false,
    default_branch: 'main',
    permissions: { admin: true },
  };
  const issue = {
    title: 'Rounding',
    body: 'A cent is missing.',
    state: 'open',
    labels: [],
    assignees: [],
    user: { login: SEED.outsider },
  };
  const billing: Repository = {
    about,
    branches: new Map([
      ['main', SEED.main],
      ['feature/rounding', SEED.feature],
    ]),
    protections: new Map([
      ['main', protectionOf({ enforce_admins: true, required_pull_request_reviews: {}, required_status_checks: null })],
    ]),
    collaborators: new Map([[SEED.member, 'write']]),
    keys: new Map([[SEED.key, { id: SEED.key, title: 'deploy', key: SEED.publicKey, read_only: true }]]),
    secrets: new Set(['DEPLOY_TOKEN']),
    files: new Map([['README.md', { sha: SEED.readme, content: Buffer.from('Bills.\n').toString('base64') }]]),
    issues: new Map([
      [SEED.issue, { number: SEED.issue, ...issue }],
      [SEED.pull, { number: SEED.pull, ...issue, title: 'Round up', merged: false, head: { sha: SEED.feature } }],
    ]),
  };
  return { repositories: new Map([[`${owner}/${repo}`, billing]]), members: new Map([[SEED.member, 'member']]) };
}

/** As reading shows what setting was given. */
export function protectionOf(set: JsonObject): JsonObject {
  return {
    ...set,
    enforce_admins: { enabled: set['enforce_admins'] === true },
    allow_force_pushes: { enabled: set['allow_force_pushes'] === true },
    allow_deletions: { enabled: set['allow_deletions'] === true },
  };
}
