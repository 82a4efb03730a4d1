import type { ResourceRef, ResourceType } from '../../src/action/resource.ts';

export const RESOURCE_TYPES = {
  'Wiz::Issue': {},
  'Wiz::Note': {},
  'Wiz::CloudResource': {},
  'Wiz::Connector': {},
  'Wiz::ServiceAccount': {},
  'Wiz::Project': {},
  'Wiz::AutomationRule': {},
  'Wiz::Control': {},
  'Wiz::SamlProvider': {},
} as const satisfies Record<ResourceType, Readonly<Record<string, never>>>;

export type WizType = keyof typeof RESOURCE_TYPES;
/** The id that stands for all of a kind. */
export const COLLECTION = '*';
/** `security`: where the organisation is weak. `secret`: opens something. `untrusted`: what others named and wrote. */
export const LABELS = ['security', 'secret', 'untrusted'] as const;

export const ref = (type: WizType, id: string): ResourceRef => ({ type, id });
