import { z } from 'zod';
import { change } from './effects.ts';
import { deleting, type Entity, making, reading } from './entity.ts';
import { name, tags } from './ids.ts';

const output = z.object({
  id: z.string(),
  username: z.string().nullish(),
  custom_id: z.string().nullish(),
  tags: z.array(z.string()).nullish(),
});

const consumer: Entity<typeof output> = {
  noun: 'consumer',
  collection: 'consumers',
  type: 'Kong::Consumer',
  output,
  labels: ['pii', 'security'],
};

const createConsumer = making(consumer, {
  description: 'Names somebody who calls APIs. Without a credential nobody can be it.',
  input: z.strictObject({ username: name, custom_id: z.string().min(1).max(256).optional(), tags: tags.optional() }),
  body: ({ username, custom_id, tags: marks }) => ({
    username,
    ...(custom_id === undefined ? {} : { custom_id }),
    ...(marks === undefined ? {} : { tags: marks }),
  }),
  effect: () => change('create', { reversible: 'operation' }),
  effectKinds: ['create'],
});

const deleteConsumer = deleting(consumer, {
  description: 'Deletes a caller with all of its credentials: whatever uses them is refused from then on.',
  effect: () => change('delete'),
  effectKinds: ['delete'],
  none: 'The credentials are gone with it, and a new consumer has none.',
});

export const consumerOperations = [...reading(consumer), createConsumer, deleteConsumer] as const;
