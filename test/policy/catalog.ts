import { z } from 'zod';
import type { Catalog, OperationDescriptor } from '../../src/action/operation-descriptor.ts';

function operation(name: string, rest: Partial<OperationDescriptor> = {}): OperationDescriptor {
  const system = name.slice(0, name.indexOf('.'));
  return {
    operation: name,
    system,
    title: name,
    activity: 'tool',
    input: z.strictObject({ id: z.string(), limit: z.int().optional() }),
    effectKinds: ['read'],
    resourceTypes: ['Desk::Ticket'],
    output: z.object({ name: z.string(), ssn: z.string().optional() }),
    ...rest,
  };
}

/** Two small systems with an operation of each kind that policies care about. */
export const catalog: Catalog = {
  systems: ['desk', 'mail'],
  labels: ['vip'],
  operations: [
    operation('desk.ticket.get'),
    operation('desk.ticket.update', {
      effectKinds: ['update'],
      input: z.strictObject({ id: z.string(), priority: z.int().optional(), note: z.string().optional() }),
    }),
    operation('desk.ticket.delete', { effectKinds: ['delete'] }),
    operation('mail.message.send', {
      effectKinds: ['communicate'],
      resourceTypes: ['Mail::Message'],
      input: z.strictObject({ to: z.array(z.email()), body: z.string() }),
      facets: z.object({ domains: z.array(z.string()) }),
    }),
  ],
  resourceTypes: [{ type: 'Desk::Ticket', attributes: { owner: 'String', priority: 'Long' } }],
};
