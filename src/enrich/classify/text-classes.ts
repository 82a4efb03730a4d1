import type { OwnFact } from '../../action/fact.ts';
import { OWN_SYSTEM } from '../../action/names.ts';

/** What text can be found to hold, and the labels that a record gets whose text holds it. */
export const TEXT_CLASSES = {
  'email-address': ['pii'],
  'phone-number': ['pii'],
  'credit-card': ['pii', 'finance'],
  iban: ['pii', 'finance'],
  /** A credential of a service: an API key, a token, a connection string with its password. */
  credential: ['secret'],
  'private-key': ['secret'],
  /** It was too long, took too long, or is not in the log: it may hold anything. */
  unread: ['pii', 'finance', 'secret'],
} as const satisfies Record<string, readonly string[]>;

export type TextClass = keyof typeof TEXT_CLASSES;

/** As policies know it: `context.facts.textClasses`. */
export const TEXT_CLASSES_FACT = {
  name: 'textClasses',
  system: OWN_SYSTEM,
  title: 'What the text of a record was found to hold, as far as actions of this workflow have read or written it.',
  type: { setOf: 'String' },
} as const satisfies OwnFact;

export function labelsOfClasses(classes: readonly TextClass[]): readonly string[] {
  return [...new Set(classes.flatMap((name) => TEXT_CLASSES[name]))].sort();
}
