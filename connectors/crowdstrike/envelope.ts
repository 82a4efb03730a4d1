import { z } from 'zod';
import type { HttpReply } from '../../src/connector/http/http-client.ts';

/** The list in `{ meta, errors, resources }`. Throws for a reply without it, or with an item that is none. */
export function resourcesOf<T extends z.ZodType>(reply: HttpReply, item: T): readonly z.output<T>[] {
  return z.object({ resources: z.array(item) }).parse(reply.body).resources;
}

/** The only item of the list. Throws where there is none. */
export function resourceOf<T extends z.ZodType>(reply: HttpReply, item: T): z.output<T> {
  const { resources } = z.object({ resources: z.array(z.unknown()).min(1) }).parse(reply.body);
  return item.parse(resources[0]);
}

const refusal = z.object({ id: z.string(), message: z.string().default('') });

/** What came of each id of a call about several. */
export const perIdOutput = z.object({ done: z.array(z.string()), refused: z.array(refusal) });
export type PerId = z.output<typeof perIdOutput>;

const replyPerId = z.object({
  resources: z.array(z.union([z.string(), z.object({ id: z.string() })])),
  errors: z.array(refusal).nullish(),
});

/** Throws where the reply leaves one of the ids open. */
export function perIdOf(reply: HttpReply, ids: readonly string[]): PerId {
  const { resources, errors } = replyPerId.parse(reply.body);
  const said = resources.map((each) => (typeof each === 'string' ? each : each.id));
  const refused = (errors ?? []).filter(({ id }) => ids.includes(id));
  const done = ids.filter((id) => said.includes(id) && !refused.some((each) => each.id === id));
  if (done.length + refused.length !== ids.length) throw new TypeError('the reply does not tell what came of each id');
  return { done, refused };
}
