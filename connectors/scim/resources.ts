import { z } from 'zod';
import type { ResourceRef, ResourceType } from '../../src/action/resource.ts';

export const RESOURCE_TYPES = {
  'Scim::User': {},
  'Scim::Group': {},
  'Scim::Service': {},
} as const satisfies Record<ResourceType, Readonly<Record<string, never>>>;

/** The id that stands for all of a kind: what a list reads, and where a new thing goes. */
export const COLLECTION = '*';

/** Counts for what reaches an unknown number of people: a group. */
export const WHOLE_GROUP = 1_000_000;

/** `pii`: who somebody is. `security`: who may do what. */
export const LABELS = ['pii', 'security'] as const;

export const user = (id: string): ResourceRef => ({ type: 'Scim::User', id });
export const group = (id: string): ResourceRef => ({ type: 'Scim::Group', id });
export const SERVICE: ResourceRef = { type: 'Scim::Service', id: 'service' };

/**
 * A service provider chooses its ids (RFC 7643 §3.1). Only unreserved characters of URLs are taken: nothing in them can
 * end a path segment, or a quoted value in a filter.
 */
export const scimId = z.string().regex(/^(?!\.{1,2}$)[A-Za-z0-9._~-]{1,128}$/, 'an id, as the service made it');
