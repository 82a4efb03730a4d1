import { z } from 'zod';
import { isJsonObject, type Json, type JsonObject } from '../../../src/lib/json.ts';
import { change } from '../effects.ts';
import { ask, execution, type FieldOperation, inputArgument, mutationField, queryField } from '../field-operation.ts';
import { cursor, ISSUE_STATUSES, id } from '../ids.ts';
import { COLLECTION, ref } from '../resources.ts';

const text = z.string().nullish();
const issue = z.object({
  id: z.string(),
  status: text,
  severity: text,
  dueAt: text,
  resolutionReason: text,
  entitySnapshot: z.object({ name: text, type: text }).nullish(),
});
const page = z.object({ items: z.array(issue), cursor: z.string().optional() });

const FIELDS = 'id status severity dueAt resolutionReason entitySnapshot { name type }';
const listing = {
  field: 'issuesV2',
  document: `query Issues($first: Int, $after: String, $filterBy: IssueFilters) {
    issuesV2(first: $first, after: $after, filterBy: $filterBy) { nodes { ${FIELDS} } pageInfo { hasNextPage endCursor } }
  }`,
};

/** A page of a connection. */
export function pageOf(value: Json): JsonObject {
  const { nodes, pageInfo } = z
    .object({ nodes: z.array(z.json()), pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: text }) })
    .parse(value);
  const next = pageInfo.hasNextPage ? pageInfo.endCursor : undefined;
  return { items: nodes, ...(typeof next === 'string' ? { cursor: next } : {}) };
}

/** A connection's arguments, of which filters are refused that the operation does not have. */
export function pageArguments(args: JsonObject): JsonObject {
  const { first, after, filterBy, ...others } = args;
  return {
    ...others,
    ...(first == null ? {} : { limit: first }),
    ...(after == null ? {} : { cursor: after }),
    ...(isJsonObject(filterBy) ? filterBy : {}),
  };
}

const list = queryField({
  name: 'wiz.issue.list',
  description: 'Lists issues: where the organisation is weak, and how badly.',
  input: z.strictObject({
    limit: z.int().min(1).max(500).default(50),
    cursor: cursor.optional(),
    id: z.array(id).max(100).optional(),
    status: z.array(z.enum(ISSUE_STATUSES)).max(4).optional(),
    severity: z
      .array(z.enum(['INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL']))
      .max(5)
      .optional(),
  }),
  output: page,
  resourceTypes: ['Wiz::Issue'],
  resources: () => [ref('Wiz::Issue', COLLECTION)],
  labels: () => ['security', 'untrusted'],
  touched: ({ items }) => items.map((found) => ref('Wiz::Issue', found.id)),
  provenance: { returns: { fields: { 'items[*].entitySnapshot.name': 'others' } } },
  inputOf: pageArguments,
  asking: {
    ...listing,
    variables: ({ limit, cursor: after, ...filterBy }) => ({
      first: limit,
      ...(after === undefined ? {} : { after }),
      filterBy: Object.fromEntries(Object.entries(filterBy).filter(([, value]) => value !== undefined)) as JsonObject, // lists of texts
    }),
    result: pageOf,
  },
});

async function issueNow(issueId: string, context: Parameters<typeof ask>[2]) {
  const variables = () => ({ first: 1, filterBy: { id: [issueId] } });
  const found = z.object({ nodes: z.array(issue) }).safeParse(await ask({ ...listing, variables }, {}, context));
  return found.success ? found.data.nodes[0] : undefined;
}

const patch = z.strictObject({
  status: z.enum(ISSUE_STATUSES).optional(),
  dueAt: z.iso.datetime().nullable().optional(),
  note: z.string().max(10_000).optional(),
  resolutionReason: z
    .enum(['OBJECT_DELETED', 'ISSUE_FIXED', 'CONTROL_CHANGED', 'FALSE_POSITIVE', 'EXCEPTION', 'WONT_FIX'])
    .optional(),
});

const updateInput = z
  .strictObject({ id, patch })
  .refine((input) => Object.keys(input.patch).length > 0, 'name at least one field to change');

const updating = {
  field: 'updateIssue',
  document: `mutation UpdateIssue($input: UpdateIssueInput!) { updateIssue(input: $input) { issue { ${FIELDS} } } }`,
  variables: (input: z.output<typeof updateInput>) => ({ input: input as JsonObject }), // the schema's own fields
};

/** Hides a weakness, or says that it is none. */
const closes = ({ status }: z.output<typeof patch>): boolean => status === 'REJECTED' || status === 'RESOLVED';

const restored = z.object({ status: z.enum(ISSUE_STATUSES), dueAt: text });

const update = mutationField({
  name: 'wiz.issue.update',
  description: 'Changes an issue. `REJECTED` and `RESOLVED` take it out of everybody’s sight, fixed or not.',
  input: updateInput,
  output: z.object({ issue, former: z.record(z.string(), z.json()).optional() }),
  resourceTypes: ['Wiz::Issue'],
  resources: (input) => [ref('Wiz::Issue', input.id)],
  labels: () => ['security'],
  provenance: { arguments: { id: 'target', 'patch.status': 'flag', 'patch.dueAt': 'date', 'patch.note': 'content' } },
  effect: (input) =>
    change(closes(input.patch) ? 'isolate' : 'update', {
      privileged: closes(input.patch),
      reversible: input.patch.note === undefined && input.patch.resolutionReason === undefined ? 'operation' : 'no',
    }),
  effectKinds: ['update', 'isolate'],
  inputOf: (args) => {
    const { override: _, ...input } = inputArgument(args);
    return input;
  },
  asking: updating,
  execute: async (input, context) => {
    const before = restored.safeParse(await issueNow(input.id, context));
    const done = await execution(updating, 'mutation')(input, context);
    if (done.status !== 'succeeded' || !before.success || !isJsonObject(done.result)) return done;
    return {
      ...done,
      result: { ...done.result, former: { status: before.data.status, dueAt: before.data.dueAt ?? null } },
    };
  },
  probe: async (input, context) => {
    const there = await issueNow(input.id, context);
    if (there === undefined) return { status: 'undetermined', detail: 'The issue cannot be read.' };
    const { status, dueAt, note, resolutionReason } = input.patch;
    const isSet =
      (status === undefined || there.status === status) &&
      (dueAt === undefined || (there.dueAt ?? null) === dueAt) &&
      (resolutionReason === undefined || there.resolutionReason === resolutionReason);
    if (!isSet) return { status: 'not-applied' };
    const onlyNote =
      note !== undefined && status === undefined && dueAt === undefined && resolutionReason === undefined;
    return onlyNote
      ? { status: 'undetermined', detail: 'Notes are not read back.' }
      : { status: 'applied', result: { issue: there } };
  },
  undo: (input, result) => {
    const former = isJsonObject(result) && isJsonObject(result['former']) ? result['former'] : undefined;
    const names = Object.keys(input.patch);
    if (former === undefined || names.some((each) => !Object.hasOwn(former, each))) return undefined;
    const back = Object.fromEntries(names.map((each) => [each, former[each] ?? null]));
    return { operation: 'wiz.issue.update', input: { id: input.id, patch: back } };
  },
});

const note = z.object({ issueNote: z.object({ id: z.string(), text }) });

const addNote = mutationField({
  name: 'wiz.issue.add-note',
  description: 'Writes a note on an issue.',
  input: z.strictObject({ issueId: id, text: z.string().min(1).max(10_000) }),
  output: note,
  resourceTypes: ['Wiz::Issue', 'Wiz::Note'],
  resources: (input) => [ref('Wiz::Issue', input.issueId)],
  touched: (made) => [ref('Wiz::Note', made.issueNote.id)],
  provenance: { arguments: { issueId: 'target', text: 'content' } },
  effect: () => change('create', { reversible: 'operation' }),
  effectKinds: ['create'],
  inputOf: inputArgument,
  asking: {
    field: 'createIssueNote',
    document:
      'mutation AddNote($input: CreateIssueNoteInput!) { createIssueNote(input: $input) { issueNote { id text } } }',
    variables: (input) => ({ input }),
  },
  undo: (_, result) => {
    const made = note.safeParse(result);
    return made.success ? { operation: 'wiz.issue.delete-note', input: { id: made.data.issueNote.id } } : undefined;
  },
});

const deleteNote = mutationField({
  name: 'wiz.issue.delete-note',
  description: 'Deletes a note from an issue.',
  input: z.strictObject({ id }),
  output: z.object({}),
  resourceTypes: ['Wiz::Note'],
  resources: (input) => [ref('Wiz::Note', input.id)],
  provenance: { arguments: { id: 'target' } },
  effect: () => change('delete'),
  effectKinds: ['delete'],
  inputOf: inputArgument,
  asking: {
    field: 'deleteIssueNote',
    document: 'mutation DeleteNote($input: DeleteIssueNoteInput!) { deleteIssueNote(input: $input) { _stub } }',
    variables: (input) => ({ input }),
    result: () => ({}),
  },
  undo: { none: 'What the note said is not kept.' },
});

export const issueFields: readonly FieldOperation[] = [list, update, addNote, deleteNote];
