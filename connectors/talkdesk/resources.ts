import type { ResourceRef, ResourceType } from '../../src/action/resource.ts';

export const RESOURCE_TYPES = {
  'Talkdesk::Contact': {},
  'Talkdesk::User': {},
  'Talkdesk::PhoneNumber': {},
  'Talkdesk::Campaign': {},
  'Talkdesk::RecordList': {},
} as const satisfies Record<ResourceType, Readonly<Record<string, never>>>;

/** The id that stands for all of a kind. */
export const COLLECTION = '*';
export const LABELS = ['pii'] as const;

export const contact = (id: string): ResourceRef => ({ type: 'Talkdesk::Contact', id });
export const user = (id: string): ResourceRef => ({ type: 'Talkdesk::User', id });
export const number = (id: string): ResourceRef => ({ type: 'Talkdesk::PhoneNumber', id });
export const campaign = (id: string): ResourceRef => ({ type: 'Talkdesk::Campaign', id });
export const recordList = (id: string): ResourceRef => ({ type: 'Talkdesk::RecordList', id });
