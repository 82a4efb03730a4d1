import { hash } from 'node:crypto';
import type { FactSubject } from '../../action/fact.ts';
import type { StreamId } from '../../action/log-port.ts';
import type { RedisAddress } from '../../lib/open-redis.ts';

/** The Redis of one installation. */
export interface RedisPlace extends RedisAddress {
  /** Begins the names of all keys; two deployments on one Redis have two. */
  readonly prefix: string;
}

/** The braces keep all keys of the queues on one node of a cluster, as BullMQ's scripts need them. */
export function queuesPrefix({ prefix }: Pick<RedisPlace, 'prefix'>): string {
  return `{${prefix}:queues}`;
}

export function queueName(system: string): string {
  return `interlock-enrich-${system}`;
}

/** Sorted sets of job ids. */
export function jobSetKey(place: Pick<RedisPlace, 'prefix'>, system: string, state: 'failed' | 'delayed'): string {
  return `${queuesPrefix(place)}:${queueName(system)}:${state}`;
}

/** Of one fact of one subject, in one tenant. */
export function fenceKey(
  place: Pick<RedisPlace, 'prefix'>,
  { tenant }: StreamId,
  { fact, subject }: { readonly fact: string; readonly subject: FactSubject },
): string {
  const about = JSON.stringify([tenant, fact, subject.type, subject.id]);
  return `${queuesPrefix(place)}:fence:${hash('sha256', about, 'hex')}`;
}
