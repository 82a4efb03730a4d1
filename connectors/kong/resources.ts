import type { ResourceRef, ResourceType } from '../../src/action/resource.ts';

/** What the Admin API's operations touch; nothing is known of a thing from an input but its id. */
export const RESOURCE_TYPES = {
  'Kong::Service': {},
  'Kong::Route': {},
  'Kong::Plugin': { name: 'String' },
  'Kong::Consumer': {},
  'Kong::Upstream': {},
  'Kong::Certificate': {},
} as const satisfies Record<ResourceType, Readonly<Record<string, 'String'>>>;

export type KongType = keyof typeof RESOURCE_TYPES;

/** The id that stands for all of a kind: what a list reads, and where a new thing goes. */
export const COLLECTION = '*';

/** `security`: who is let in, and by what. */
export const LABELS = ['security', 'pii'] as const;

export const ref = (type: KongType, id: string): ResourceRef => ({ type, id });
