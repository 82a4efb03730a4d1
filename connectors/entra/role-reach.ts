/**
 * How far an admin role reaches, by the ids of built-in roles, which are the same in every tenant [doc: built-in roles].
 * The grouping is ours. `unknown`: custom roles, whose permissions the input does not show, and all that are not listed.
 */
export const ROLE_REACHES = ['read-only', 'scoped', 'tenant-wide', 'unknown'] as const;
export type RoleReach = (typeof ROLE_REACHES)[number];

const REACH: ReadonlyMap<string, RoleReach> = new Map([
  ['88d8e3e3-8f55-4a1e-953a-9b9898b8876b', 'read-only'], // Directory Readers
  ['f2ef992c-3afb-46b9-b7cf-a126ee74c451', 'read-only'], // Global Reader
  ['fe930be7-5e62-47db-91af-98c3a49a38b1', 'scoped'], // User Administrator
  ['729827e3-9c14-49f7-bb1b-9608f156bbb8', 'scoped'], // Helpdesk Administrator
  ['62e90394-69f5-4237-9190-012177145e10', 'tenant-wide'], // Global Administrator
  ['e8611ab8-c189-46e8-94e1-60213ab1f814', 'tenant-wide'], // Privileged Role Administrator
  ['7be44c8a-adaf-4e2a-84d6-ab2649e08a13', 'tenant-wide'], // Privileged Authentication Administrator
  ['9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3', 'tenant-wide'], // Application Administrator
]);

export function reachOf(roleDefinitionId: string): RoleReach {
  return REACH.get(roleDefinitionId) ?? 'unknown';
}
