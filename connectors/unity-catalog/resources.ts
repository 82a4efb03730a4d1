import type { ResourceRef, ResourceType } from '../../src/action/resource.ts';

/** What the workspace's operations touch; from an input nothing is known of a thing but its name. */
export const RESOURCE_TYPES = {
  'UnityCatalog::Catalog': {},
  'UnityCatalog::Schema': {},
  'UnityCatalog::Table': {},
  'UnityCatalog::Volume': {},
  'UnityCatalog::Model': {},
  'UnityCatalog::Location': {},
  'UnityCatalog::Securable': {},
  'UnityCatalog::Share': {},
  'UnityCatalog::Recipient': {},
  'UnityCatalog::Job': {},
  'UnityCatalog::Run': {},
  'UnityCatalog::WorkspaceObject': {},
  'UnityCatalog::Endpoint': {},
  'UnityCatalog::Connection': {},
} as const satisfies Record<ResourceType, Readonly<Record<string, never>>>;

export type DatabricksType = keyof typeof RESOURCE_TYPES;

/** The id that stands for all of a kind: what a list reads. */
export const COLLECTION = '*';

/** `secret`: credentials; `security`: who may do what; the others are what tags say of data. */
export const LABELS = ['secret', 'security', 'pii', 'confidential', 'hr', 'finance', 'compensation'] as const;

export const ref = (type: DatabricksType, id: string): ResourceRef => ({ type, id });
