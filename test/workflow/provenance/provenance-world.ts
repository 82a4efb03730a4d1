import type { ActionProvenance, OperationProvenance, ResultAuthors } from '../../../src/action/provenance.ts';
import type { Json, JsonObject } from '../../../src/lib/json.ts';
import { ProvenanceBook } from '../../../src/workflow/provenance/provenance-book.ts';

export const SEED = 'sha256:0123456789abcdeffedcba9876543210';

/** One thing that a workflow came across. */
export type Sight =
  | { readonly mandate: string }
  | { readonly told: string }
  | { readonly wrote: JsonObject }
  | { readonly read: Json; readonly input?: JsonObject; readonly authors?: ResultAuthors };

export function bookOf(sights: readonly Sight[], limit?: number): ProvenanceBook {
  const book = new ProvenanceBook(SEED, limit);
  for (const sight of sights) {
    if ('mandate' in sight) book.ordered(sight.mandate);
    else if ('told' in sight) book.told(sight.told);
    else if ('wrote' in sight) book.wrote(sight.wrote);
    else book.read({ result: sight.read, input: sight.input ?? {}, authors: sight.authors ?? {} });
  }
  return book;
}

/** Traces a message, whose `to` is a destination, in what a workflow came across. */
export function traceTo(sights: readonly Sight[], to: Json, limit?: number): ActionProvenance {
  const provenance: OperationProvenance = { arguments: { to: 'destination' } };
  return bookOf(sights, limit).trace(send({ to }, provenance));
}

export function send(input: JsonObject, provenance?: OperationProvenance) {
  return { operation: 'mail.message.send', input, effect: { kind: 'communicate' }, provenance };
}
