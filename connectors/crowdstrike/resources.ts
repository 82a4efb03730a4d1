import type { ResourceRef, ResourceType } from '../../src/action/resource.ts';

export const RESOURCE_TYPES = {
  'CrowdStrike::Device': {},
  'CrowdStrike::Session': {},
  'CrowdStrike::User': {},
  'CrowdStrike::Role': {},
  'CrowdStrike::PreventionPolicy': {},
  'CrowdStrike::Indicator': {},
  'CrowdStrike::QuarantinedFile': {},
  'CrowdStrike::Alert': {},
  'CrowdStrike::Incident': {},
  'CrowdStrike::Workflow': {},
} as const satisfies Record<ResourceType, Readonly<Record<string, never>>>;

/** The id that stands for all of a kind. */
export const COLLECTION = '*';

/**
 * `pii`: who somebody is. `security`: where a defence stands or fails. `untrusted`: text that attackers can write, as
 * command lines and file names. `secret`: what opens something.
 */
export const LABELS = ['pii', 'security', 'untrusted', 'secret'] as const;

type Refs = readonly [ResourceRef, ...ResourceRef[]];

/** One for each id; the collection for none. */
export function refs(type: keyof typeof RESOURCE_TYPES, ids: readonly string[]): Refs {
  const [first = COLLECTION, ...others] = ids;
  return [{ type, id: first }, ...others.map((id) => ({ type, id }))];
}
