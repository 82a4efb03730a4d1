import { httpExecution, path, writeOperation, z } from '../../../src/connector/index.ts';
import { settle, unsure } from '../settle.ts';
import { change, doc, type Identity, id, pointer, read, some } from '../vendor.ts';
import { incident, wrapped } from './incidents.ts';

const sources = z.array(id).min(1).max(20);

export const mergeIncidents = (identity: Identity) =>
  writeOperation({
    name: 'pagerduty.incident.merge',
    description: 'Moves the alerts of incidents into another one and resolves them. Nothing takes them apart again.',
    input: z.strictObject({ id, sourceIds: sources }),
    output: incident.partial().extend({ id: z.string() }),
    resourceTypes: ['PagerDuty::Incident'],
    resources: (input) => some('Incident', [input.id, ...input.sourceIds]),
    labels: () => ['untrusted'],
    effect: ({ sourceIds }) => ({
      kind: 'update',
      reversible: 'no',
      external: false,
      privileged: false,
      count: sourceIds.length,
    }),
    effectKinds: ['update'],
    repeat: { class: 'at-most-once', evidence: doc('developer-docs, Errors: 1019 Incident Already Merged') },
    provenance: { arguments: { id: 'target', sourceIds: 'target' } },
    execute: httpExecution({
      request: (input) =>
        change(identity, {
          method: 'PUT',
          path: path`/incidents/${input.id}/merge`,
          body: { source_incidents: input.sourceIds.map((source) => pointer(source, 'incident')) },
        }),
      repeatable: false,
      result: ({ body }) => z.object({ incident: incident.partial().extend({ id: z.string() }) }).parse(body).incident,
    }),
    probe: async (input, context) => {
      const found = new Set<string>();
      for (const source of input.sourceIds) {
        const one = await settle(read(path`/incidents/${source}`), context, {
          shape: wrapped,
          judge: ({ incident: { resolve_reason: reason } }) =>
            reason?.incident.id === input.id ? { status: 'applied' } : { status: 'not-applied' },
        });
        if (one.status === 'undetermined') return one;
        found.add(one.status);
      }
      if (found.size > 1) return unsure('some of the incidents were merged');
      return found.has('applied') ? { status: 'applied', result: { id: input.id } } : { status: 'not-applied' };
    },
    undo: { none: 'The reference has no call that takes a merged incident apart.' },
    evidence: [doc('reference, PUT /incidents/{id}/merge: the sources are resolved; only into an open incident')],
  });
