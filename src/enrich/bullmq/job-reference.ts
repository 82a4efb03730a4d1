import { hash } from 'node:crypto';
import { z } from 'zod';
import { USER_SUBJECT } from '../../action/fact.ts';
import type { ResourceType } from '../../action/resource.ts';
import { type EnrichmentJob, jobKey } from '../enrichment-queue.ts';

const resourceType = z.custom<ResourceType>((type) => typeof type === 'string' && type.includes('::'));

/** All that a job holds: whose fact is wanted, never what it says. */
const reference = z.strictObject({
  tenant: z.string(),
  workflow: z.string(),
  fact: z.string(),
  subject: z.strictObject({ type: z.union([z.literal(USER_SUBJECT), resourceType]), id: z.string() }),
  anew: z.boolean(),
});

export type JobReference = z.output<typeof reference>;

export function referenceOf({ stream, fact, subject, anew }: EnrichmentJob): JobReference {
  const { tenant, workflow } = stream;
  return { tenant, workflow, fact, subject: { type: subject.type, id: subject.id }, anew };
}

/** Undefined for what this version did not write. */
export function jobOf(data: unknown): EnrichmentJob | undefined {
  const parsed = reference.safeParse(data);
  if (!parsed.success) return undefined;
  const { tenant, workflow, ...job } = parsed.data;
  return { stream: { tenant, workflow }, ...job };
}

/** The same job has the same id, so that it waits once. No colon, and never digits alone: BullMQ gives both a meaning. */
export function jobIdOf(job: EnrichmentJob): string {
  return `${job.anew ? 'anew' : 'plan'}-${hash('sha256', jobKey(job), 'hex')}`;
}
