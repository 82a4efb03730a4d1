import type { BerReader } from 'ldapts';
import type { SearchFilter } from '../filter.ts';

/** Tags of RFC 4511 §4.5.1. */
const AND = 0xa0;
const OR = 0xa1;
const NOT = 0xa2;
const EQUAL = 0xa3;
const SUBSTRINGS = 0xa4;
const PRESENT = 0x87;
const INITIAL = 0x80;

/**
 * Reads a filter of those kinds that the connector sends; the library's own reader takes the name of a present attribute
 * from the wrong place. Throws for any other kind.
 */
export function readFilter(reader: BerReader): SearchFilter {
  const tag = reader.peek() ?? 0;
  if (tag === PRESENT) return { attribute: reader.readString(PRESENT) ?? '', is: 'present', value: '' };
  reader.readSequence(tag);
  const end = reader.offset + reader.length;
  switch (tag) {
    case AND:
      return { all: readAll(reader, end) };
    case OR:
      return { any: readAll(reader, end) };
    case NOT:
      return { not: readFilter(reader) };
    case EQUAL:
      return { attribute: reader.readString() ?? '', is: 'equal', value: reader.readString() ?? '' };
    case SUBSTRINGS: {
      const attribute = reader.readString() ?? '';
      reader.readSequence();
      const piece = reader.peek() ?? 0;
      return { attribute, is: piece === INITIAL ? 'starts' : 'contains', value: reader.readString(piece) ?? '' };
    }
    default:
      throw new Error(`a filter of the kind ${tag}`);
  }
}

function readAll(reader: BerReader, end: number): readonly SearchFilter[] {
  const filters: SearchFilter[] = [];
  while (reader.offset < end) filters.push(readFilter(reader));
  return filters;
}
