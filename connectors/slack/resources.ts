import type { ResourceRef, ResourceType } from '../../src/action/resource.ts';

export const RESOURCE_TYPES = {
  'Slack::Channel': {},
  'Slack::User': {},
  'Slack::UserGroup': {},
  'Slack::File': {},
} as const satisfies Record<ResourceType, Readonly<Record<string, never>>>;

/** The id that stands for all of a kind. */
export const COLLECTION = '*';

/** `untrusted`: what anybody in a channel, guests and other companies included, can write. */
export const LABELS = ['untrusted', 'pii'] as const;

export const channel = (id: string): ResourceRef => ({ type: 'Slack::Channel', id });
export const person = (id: string): ResourceRef => ({ type: 'Slack::User', id });
export const usergroup = (id: string): ResourceRef => ({ type: 'Slack::UserGroup', id });
export const file = (id: string): ResourceRef => ({ type: 'Slack::File', id });
