import {
  type AnyOperation,
  httpExecution,
  path,
  readOperation,
  writeOperation,
  z,
} from '../../../src/connector/index.ts';
import { settle } from '../settle.ts';
import { change, doc, type Identity, id, marked, mem, one, read, reference } from '../vendor.ts';

const note = z.object({
  id: z.string(),
  content: z.string(),
  user: reference.nullish(),
  created_at: z.string().optional(),
});
const notes = z.object({ notes: z.array(note) });

const list = readOperation({
  name: 'pagerduty.note.list',
  description: 'Lists the notes of an incident.',
  input: z.strictObject({ id }),
  output: notes,
  resourceTypes: ['PagerDuty::Incident'],
  resources: (input) => [one('Incident', input.id)],
  labels: () => ['untrusted'],
  provenance: { returns: { default: 'system', fields: { content: 'others' } } },
  execute: httpExecution({
    request: (input) => read(path`/incidents/${input.id}/notes`),
    repeatable: true,
    result: ({ body }) => notes.parse(body),
  }),
  evidence: [doc('reference, GET /incidents/{id}/notes, without pages')],
});

const create = (identity: Identity) =>
  writeOperation({
    name: 'pagerduty.note.create',
    description: 'Writes a note under an incident, with a line that names the action; all who follow it can read it.',
    input: z.strictObject({ id, content: z.string().min(1).max(20_000) }),
    output: note,
    resourceTypes: ['PagerDuty::Incident'],
    resources: (input) => [one('Incident', input.id)],
    labels: () => ['untrusted'],
    effect: () => ({ kind: 'create', reversible: 'no', external: false, privileged: false, count: 1 }),
    effectKinds: ['create'],
    repeat: { class: 'at-most-once', evidence: mem('two equal notes are two notes') },
    provenance: { arguments: { id: 'target', content: 'content' }, asked: ['comment', 'add'] },
    execute: httpExecution({
      request: (input, { actionId }) =>
        change(identity, {
          method: 'POST',
          path: path`/incidents/${input.id}/notes`,
          body: { note: { content: marked(input.content, actionId) } },
        }),
      repeatable: false,
      result: ({ body }) => z.object({ note }).parse(body).note,
    }),
    probe: (input, context) =>
      settle(read(path`/incidents/${input.id}/notes`), context, {
        shape: notes,
        judge: (found) => {
          const written = marked(input.content, context.actionId);
          const result = found.notes.find(({ content }) => content === written);
          return result === undefined ? { status: 'not-applied' } : { status: 'applied', result };
        },
      }),
    undo: { none: 'The reference has no call that deletes a note.' },
    evidence: [doc('reference, POST /incidents/{id}/notes')],
  });

export function noteOperations(identity: Identity): readonly AnyOperation[] {
  return [list, create(identity)];
}
