import { z } from 'zod';
import type { Catalog } from '../../../src/action/operation-descriptor.ts';
import { catalog } from '../catalog.ts';

/** The catalog of the other tests, and a system whose fields have bounds and words. */
export const shopCatalog: Catalog = {
  ...catalog,
  systems: [...catalog.systems, 'shop'],
  operations: [
    ...catalog.operations,
    {
      operation: 'shop.order.place',
      system: 'shop',
      title: 'Places an order.',
      activity: 'tool',
      input: z.strictObject({
        item: z.string().regex(/^[a-z]+$/),
        count: z.int().min(1).max(100),
        most: z.int().optional(),
        speed: z.enum(['slow', 'fast']),
        tags: z.array(z.string()).optional(),
        note: z.string().optional(),
        weight: z.number(),
      }),
      effectKinds: ['create', 'spend'],
      resourceTypes: ['Shop::Order'],
      output: z.object({ total: z.number(), lines: z.array(z.string()) }),
    },
  ],
};
