import type { ResourceRef, ResourceType } from '../../src/action/resource.ts';

/** What the operations touch. Nothing about these things is known from an input but their ids. */
export const RESOURCE_TYPES = {
  'Entra::User': {},
  'Entra::Group': {},
  'Entra::Object': {},
  'Entra::Role': {},
  'Entra::Grant': {},
  'Entra::Application': {},
  'Entra::ServicePrincipal': {},
  'Entra::Policy': {},
  'Entra::Invitation': {},
} as const satisfies Record<ResourceType, Readonly<Record<string, never>>>;

type EntraType = keyof typeof RESOURCE_TYPES;

/** The id that stands for all of a kind: what a list reads, and where a new thing goes. */
export const COLLECTION = '*';

/** `pii`: who somebody is. `security`: who may do what. `secret`: what opens something, also when it is sealed. */
export const LABELS = ['pii', 'security', 'secret', 'untrusted'] as const;

const ref =
  (type: EntraType) =>
  (id: string): ResourceRef => ({ type, id });

export const user = ref('Entra::User');
export const group = ref('Entra::Group');
/** A member, a principal or a deleted thing, whose kind the id does not tell. */
export const object = ref('Entra::Object');
export const role = ref('Entra::Role');
export const grant = ref('Entra::Grant');
export const application = ref('Entra::Application');
export const servicePrincipal = ref('Entra::ServicePrincipal');
export const policy = ref('Entra::Policy');
export const invitation = ref('Entra::Invitation');
