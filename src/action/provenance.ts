import type { JsonObject } from '../lib/json.ts';

/**
 * The word for where a value comes from; where several hold, the first of them. `mandate`: the user's own order.
 * `linked`: a field that the system owns, in a record that the order names; or a site whose name is made of the order's
 * words and of such fields'. `record`: such a field of any other record.
 * `listed`: a field that looks like one and that nobody declared. `own`: written before by this workflow, and by nobody
 * else. `untrusted`: text that others wrote. `agent`: a message of another agent. `unknown`: nowhere, or forgotten.
 * `disputed` comes beside `linked`, `record` and `listed` where text that others wrote names the value too.
 */
export const SOURCES = [
  'mandate',
  'linked',
  'record',
  'listed',
  'own',
  'untrusted',
  'agent',
  'unknown',
  'disputed',
] as const;
export type Source = (typeof SOURCES)[number];

/**
 * What an argument decides. `destination`: where data or money goes. `target`: what is changed. `credential`: what gives
 * somebody access. `flag`: how it is done. `content`: what is said; the addresses in it are traced as links.
 */
export const ARGUMENT_ROLES = ['destination', 'target', 'amount', 'date', 'flag', 'credential', 'content'] as const;
export type ArgumentRole = (typeof ARGUMENT_ROLES)[number];

/** Roles by path, as `recipient`, `cc[*]` or `to[*].address`; a path stands for all below it. */
export type ArgumentRoles = Readonly<Record<string, ArgumentRole>>;

/** Who answers for what stands in a field of a result: the system itself, or whoever wrote into it. */
export const AUTHORS = ['system', 'others'] as const;
export type Author = (typeof AUTHORS)[number];

/** Authors of a result: by path, as `[*].subject` or `items[*].note`, and of everything else. Left out: by its shape. */
export interface ResultAuthors {
  /** Where in the result the answer stands that the paths are of, as `content[*].text`; default: it is the result. */
  readonly within?: readonly string[] | undefined;
  readonly default?: Author | undefined;
  readonly fields?: Readonly<Record<string, Author>> | undefined;
}

/** What a connector says of an operation's values. */
export interface OperationProvenance {
  readonly arguments?: ArgumentRoles | undefined;
  readonly returns?: ResultAuthors | undefined;
  /** Further words by which people ask for this, as `wire` for a payment. */
  readonly asked?: readonly string[] | undefined;
}

/** Sources of values, each once, in the order of {@link SOURCES}. */
export type Sources = readonly Source[];

/** Where the values of one action come from; what policies see as `context.provenance`. */
export interface ActionProvenance {
  /** Text that others wrote, or another agent's message, was read before. */
  readonly exposed: boolean;
  /** The order asks for this kind of act. */
  readonly ordered: boolean;
  /** The order has a word for the kind of thing that is acted on. */
  readonly named: boolean;
  /** The order asks for some act, and not for an answer only. */
  readonly acts: boolean;
  /** The order hands over to a text: do what it says. */
  readonly delegated: boolean;
  /** The order asks to pass links on. */
  readonly passesLinks: boolean;
  /** The order speaks of pages, so that opening one is no surprise. */
  readonly opensPages: boolean;
  readonly all: Sources;
  readonly destinations: Sources;
  readonly targets: Sources;
  readonly amounts: Sources;
  readonly dates: Sources;
  readonly flags: Sources;
  readonly credentials: Sources;
  readonly contents: Sources;
  /** Addresses that stand in contents. */
  readonly links: Sources;
  /** By top-level argument. */
  readonly arguments: Readonly<Record<string, Sources>>;
}

/** What is traced of an action. */
export interface TracedAction {
  readonly operation: string;
  readonly input: JsonObject;
  readonly effect: { readonly kind: string };
  readonly provenance?: OperationProvenance | undefined;
}

/** Looks values up in what one workflow has seen so far. */
export interface ProvenanceView {
  /** The same for the same action on the same version; the cost is that of the input's size. */
  trace(action: TracedAction): ActionProvenance;
  /** What {@link trace} has found for this very action on this version, if it was asked. */
  traced(action: TracedAction): ActionProvenance | undefined;
}
