import type { StreamId } from '../../action/log-port.ts';

/** Names of keys. All of a tenant have the same hash tag, so that a cluster keeps them together. */
export function tenantKeys(prefix: string, tenant: string) {
  const base = `${prefix}:{${encodeURIComponent(tenant)}}`;
  return {
    /** Sorted sets of workflows by the time of their last event: all, and those with open actions. */
    streams: `${base}:streams`,
    opened: `${base}:open`,
    /** The same of those whose events have left. */
    dormant: `${base}:dormant`,
    /** A stream with one entry for each append in the tenant, numbered from 1. */
    feed: `${base}:feed`,
    /** `epoch`, the number of the feed's last entry, and why its history counts as lost. */
    meta: `${base}:meta`,
    /** Which process executes which action. */
    running: `${base}:running`,
    head: (workflow: string) => `${base}:w:${encodeURIComponent(workflow)}`,
    events: (workflow: string) => `${base}:e:${encodeURIComponent(workflow)}`,
    snapshot: (workflow: string) => `${base}:s:${encodeURIComponent(workflow)}`,
  };
}

/** The workflow of what is frozen in a tenant. */
export const CONTROLS = '~tenant';

export function tenantsKey(prefix: string): string {
  return `${prefix}:tenants`;
}

/** The processes that have not been taken over from. */
export function processesKey(prefix: string): string {
  return `${prefix}:processes`;
}

export function aliveKey(prefix: string, process: string): string {
  return `${prefix}:alive:${process}`;
}

export function movedChannel(prefix: string): string {
  return `${prefix}:moved`;
}

/** One field for an action of a tenant. */
export function runningField({ workflow }: StreamId, action: string): string {
  return JSON.stringify([workflow, action]);
}
