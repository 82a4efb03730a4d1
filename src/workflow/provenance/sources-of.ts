import { type ArgumentRole, SOURCES, type Source, type Sources } from '../../action/provenance.ts';
import { SEEN } from './value-index.ts';

const RECORDED = SEEN.linked | SEEN.record | SEEN.listed;
const OTHERS = SEEN.untrusted | SEEN.agent;

/**
 * The words for the marks of one value. The order vouches for what it names, whoever else does; a record's value that
 * others name as well is disputed, because they may have chosen it, unless it is where the order's own record leads; the
 * workflow vouches for what nobody else said.
 */
export function sourcesOf(marks: number, role: ArgumentRole): Sources {
  if ((marks & SEEN.mandate) !== 0) return ['mandate'];
  if ((marks & RECORDED) !== 0) {
    const word = (marks & SEEN.linked) !== 0 ? 'linked' : (marks & SEEN.record) !== 0 ? 'record' : 'listed';
    const isSettled = (marks & OTHERS) === 0 || (word === 'linked' && role === 'destination');
    return isSettled ? [word] : [word, 'disputed'];
  }
  if ((marks & SEEN.untrusted) !== 0) return ['untrusted'];
  if ((marks & SEEN.agent) !== 0) return ['agent'];
  return (marks & SEEN.own) === 0 ? ['unknown'] : ['own'];
}

/** All of them once, in the order of {@link SOURCES}. */
export function inOrder(found: Iterable<Source>): Sources {
  const all = new Set(found);
  return SOURCES.filter((source) => all.has(source));
}
