import type { ActionView } from '../../action/view.ts';
import type { Json, JsonObject } from '../../lib/json.ts';
import type { Note, ProvenanceState } from '../provenance/provenance-book.ts';

/** What an action holds anyway is not written down twice: its input, or its result. */
type Shared<T> = { readonly whole: T } | { readonly of: string };

type NoteText =
  | Exclude<Note, { readonly kind: 'read' | 'answered' | 'wrote' }>
  | { readonly kind: 'wrote'; readonly input: Shared<JsonObject> }
  | (Omit<Extract<Note, { readonly kind: 'read' | 'answered' }>, 'input' | 'result'> & {
      readonly input: Shared<JsonObject>;
      readonly result: Shared<Json>;
    });

/** The state of a {@link ProvenanceBook}, whose notes refer to the actions beside it. */
export type ProvenanceText = Omit<ProvenanceState, 'unread'> & { readonly unread: readonly NoteText[] };

type Actions = ReadonlyMap<string, ActionView>;

export function notesOf(state: ProvenanceState, actions: Actions): ProvenanceText {
  const owners = new Map<unknown, string>();
  for (const { id, decided, completed } of state.unread.length === 0 ? [] : actions.values()) {
    for (const part of [decided.input, completed?.result])
      if (part instanceof Object || typeof part === 'string') owners.set(part, id);
  }
  const share = <T>(part: T): Shared<T> => {
    const of = owners.get(part);
    return of === undefined ? { whole: part } : { of };
  };
  return {
    ...state,
    unread: state.unread.map((note): NoteText => {
      if (note.kind === 'wrote') return { ...note, input: share(note.input) };
      if (note.kind !== 'read' && note.kind !== 'answered') return note;
      return { ...note, input: share(note.input), result: share(note.result) };
    }),
  };
}

export function provenanceOf(text: ProvenanceText, actions: Actions): ProvenanceState {
  const inputOf = (shared: Shared<JsonObject>): JsonObject =>
    'whole' in shared ? shared.whole : present(actions.get(shared.of)?.decided.input);
  const resultOf = (shared: Shared<Json>): Json =>
    'whole' in shared ? shared.whole : present(actions.get(shared.of)?.completed?.result);
  return {
    ...text,
    mandate: text.mandate,
    index: text.index,
    unread: text.unread.map((note): Note => {
      if (note.kind === 'wrote') return { ...note, input: inputOf(note.input) };
      if (note.kind !== 'read' && note.kind !== 'answered') return note;
      return { ...note, input: inputOf(note.input), result: resultOf(note.result) };
    }),
  };
}

function present<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('a note refers to an action that is not there');
  return part;
}
