import type { ConformanceFixtures } from '../../../connector/index.ts';

/** What the suite tries: one sample of each operation, and one for every kind of effect. */
export default {
  samples: [
    { operation: 'tracker.ticket.get', input: { id: 'T-1' }, effects: [] },
    { operation: 'tracker.ticket.list', input: { status: 'open' }, effects: [] },
    {
      operation: 'tracker.ticket.create',
      input: { title: 'Lamp' },
      effects: ['ticket.create'],
      effect: { kind: 'create', reversible: 'operation', external: false },
    },
    {
      operation: 'tracker.ticket.create',
      input: { title: 'Lamp', notify: 'someone@example.com' },
      effects: ['ticket.create', 'ticket.notify'],
      effect: { kind: 'communicate', reversible: 'no', external: true },
      when: 'with `notify`',
    },
    {
      operation: 'tracker.ticket.set-status',
      input: { id: 'T-1', from: 'open', to: 'done' },
      effects: ['ticket.set-status'],
      effect: { kind: 'update', reversible: 'operation' },
    },
    {
      operation: 'tracker.ticket.delete',
      input: { id: 'T-2' },
      effects: ['ticket.delete'],
      effect: { kind: 'delete', reversible: 'no', privileged: true },
    },
  ],
  rateLimits: [{ status: 429, headers: { 'retry-after': '3' }, dialect: 'retry-after', waitsMs: 3_000 }],
  paging: [{ operation: 'tracker.ticket.list', input: {} }],
  state: {
    reads: [
      { operation: 'tracker.ticket.list', input: {} },
      { operation: 'tracker.ticket.get', input: { id: 'T-1' } },
    ],
    ignore: [],
  },
  // Who stands beside the simulator: the vendor's published description, its SDK, a real server. Nobody does yet.
  judgedBy: { '*': 'none' },
} satisfies ConformanceFixtures;
