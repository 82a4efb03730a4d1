import type { ResourceRef, ResourceType } from '../../src/action/resource.ts';

export const RESOURCE_TYPES = {
  'Jira::Issue': {},
  'Jira::Project': {},
  'Jira::User': {},
  'Jira::Group': {},
  'Jira::PermissionScheme': {},
} as const satisfies Record<ResourceType, Readonly<Record<string, never>>>;

/** `untrusted`: what anybody who may write in a project has written. `security`: who may do what. */
export const LABELS = ['untrusted', 'security'] as const;

export const issue = (id: string): ResourceRef => ({ type: 'Jira::Issue', id });
export const project = (id: string): ResourceRef => ({ type: 'Jira::Project', id });
export const user = (id: string): ResourceRef => ({ type: 'Jira::User', id });
export const group = (id: string): ResourceRef => ({ type: 'Jira::Group', id });
export const permissionScheme = (id: string): ResourceRef => ({ type: 'Jira::PermissionScheme', id });
