import { type ArgumentRole, SOURCES, type Source, type Sources } from '../../action/provenance.ts';
import { SEEN } from './value-index.ts';

/** A set of sources: one bit each, in the order of {@link SOURCES}. */
export type SourceBits = number;

const RECORDED = SEEN.linked | SEEN.record | SEEN.listed;
const OTHERS = SEEN.untrusted | SEEN.agent;

export function bitOf(source: Source): SourceBits {
  return 1 << SOURCES.indexOf(source);
}

const [MANDATE, LINKED, RECORD, LISTED, OWN, UNTRUSTED, AGENT, UNKNOWN, DISPUTED] = SOURCES.map(bitOf) as [
  ...(readonly [number, number, number, number, number, number, number, number, number]),
]; // as many as there are

/**
 * The words for the marks of one value. The order vouches for what it names, whoever else does; a record's value that
 * others name as well is disputed, because they may have chosen it, unless it is where the order's own record leads; the
 * workflow vouches for what nobody else said.
 */
export function sourcesOf(marks: number, role: ArgumentRole): SourceBits {
  if ((marks & SEEN.mandate) !== 0) return MANDATE;
  if ((marks & RECORDED) !== 0) {
    const word = (marks & SEEN.linked) !== 0 ? LINKED : (marks & SEEN.record) !== 0 ? RECORD : LISTED;
    const isSettled = (marks & OTHERS) === 0 || (word === LINKED && role === 'destination');
    return isSettled ? word : word | DISPUTED;
  }
  if ((marks & SEEN.untrusted) !== 0) return UNTRUSTED;
  if ((marks & SEEN.agent) !== 0) return AGENT;
  return (marks & SEEN.own) === 0 ? UNKNOWN : OWN;
}

/** At most one for each set. */
const lists = new Map<SourceBits, Sources>();

/** The sources of a set, in the order of {@link SOURCES}. */
export function sourceList(bits: SourceBits): Sources {
  const known = lists.get(bits);
  if (known !== undefined) return known;
  const list = Object.freeze(SOURCES.filter((source) => (bits & bitOf(source)) !== 0));
  lists.set(bits, list);
  return list;
}
