import { z } from 'zod';
import { EFFECT_KINDS } from '../../src/action/effect.ts';
import type { Catalog, OperationDescriptor } from '../../src/action/operation-descriptor.ts';

/** 16 systems with 200 operations each, no two inputs alike. */
export function largeCatalog(): Catalog {
  const systems = Array.from({ length: 16 }, (_, index) => `system-${index}`);
  return {
    systems,
    labels: systems.map((system) => `label-of-${system}`),
    operations: systems.flatMap((system, index) =>
      Array.from({ length: 200 }, (_, at) => operation(system, index, at)),
    ),
    resourceTypes: systems.map((_, index) => ({
      type: `System${index}::Thing`,
      attributes: { owner: 'String', size: 'Long' },
    })),
  };
}

function operation(system: string, index: number, at: number): OperationDescriptor {
  return {
    operation: `${system}.thing-${at}.do`,
    system,
    title: 'does something',
    activity: at % 3 === 0 ? 'data' : 'tool',
    input: z.strictObject({
      id: z.string(),
      [`field_${at}`]: z.int().optional(),
      when: z.iso.datetime().optional(),
      tags: z.array(z.enum(['a', 'b'])).default([]),
      price: z.number().nullable(),
    }),
    facets: z.object({ domains: z.array(z.string()) }),
    effectKinds: [EFFECT_KINDS[at % EFFECT_KINDS.length] ?? 'read'],
    resourceTypes: [`System${index}::Thing`],
    output: z.object({}),
  };
}
