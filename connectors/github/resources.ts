import type { ResourceRef, ResourceType } from '../../src/action/resource.ts';
import type { InRepo } from './ids.ts';

export const RESOURCE_TYPES = {
  'GitHub::Repository': {},
  'GitHub::Branch': {},
  'GitHub::File': {},
  'GitHub::Issue': {},
  'GitHub::PullRequest': {},
  'GitHub::User': {},
  'GitHub::Organization': {},
} as const satisfies Record<ResourceType, Readonly<Record<string, never>>>;

/** `untrusted`: text that anybody can write. `source`: code. `security`: who may do what. */
export const LABELS = ['untrusted', 'source', 'security'] as const;

export const nameOf = ({ owner, repo }: InRepo): string => `${owner}/${repo}`.toLowerCase();
export const repository = (at: InRepo): ResourceRef => ({ type: 'GitHub::Repository', id: nameOf(at) });
export const branchOf = (at: InRepo, branch: string): ResourceRef => ({
  type: 'GitHub::Branch',
  id: `${nameOf(at)}:${branch}`,
});
export const fileOf = (at: InRepo, path: string): ResourceRef => ({
  type: 'GitHub::File',
  id: `${nameOf(at)}:${path}`,
});
export const issueOf = (at: InRepo, number: number): ResourceRef => ({
  type: 'GitHub::Issue',
  id: `${nameOf(at)}#${number}`,
});
export const pullOf = (at: InRepo, number: number): ResourceRef => ({
  type: 'GitHub::PullRequest',
  id: `${nameOf(at)}#${number}`,
});
export const userOf = (login: string): ResourceRef => ({ type: 'GitHub::User', id: login.toLowerCase() });
export const organization = (login: string): ResourceRef => ({ type: 'GitHub::Organization', id: login.toLowerCase() });
