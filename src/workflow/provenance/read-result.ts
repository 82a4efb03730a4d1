import type { ResultAuthors } from '../../action/provenance.ts';
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import { parseJson } from '../../lib/parse-json.ts';
import { declaredFor, leavesOf, pathBelow } from './leaves-of.ts';
import { shapeOf } from './text-shape.ts';
import { SEEN, type ValueIndex } from './value-index.ts';

/** Of a text without sentences each line is an entry, as in a list of hotels. */
const ENTRY_WORDS = 8;
/** Shorter values stand in orders by chance. */
const NAMED_CHARACTERS = 4;

interface Place {
  readonly index: ValueIndex;
  readonly authors: ResultAuthors;
  /** Something that the mandate names led here. */
  readonly isLinked: boolean;
}

/** Takes in what an answer shows, by who answers for each field; says whether others wrote some of it. */
export function readResult(index: ValueIndex, result: Json, input: JsonObject, authors: ResultAuthors): boolean {
  const isLinked = [...leavesOf(input)].some(({ text }) => isNamed(index, text));
  return walk({ index, authors, isLinked }, result, '');
}

function walk(place: Place, value: Json, path: string): boolean {
  if (typeof value === 'string') {
    const structure = place.authors.default === 'others' ? undefined : structureOf(value);
    return structure === undefined ? takeIn(place, value, path) : walk(place, structure, path);
  }
  if (typeof value === 'number') return takeIn(place, String(value), path);
  if (Array.isArray(value)) return value.map((item) => walk(place, item, `${path}[*]`)).some(Boolean);
  if (!isJsonObject(value)) return false;
  // The fields of a record belong together: one that the mandate names speaks for the others.
  const isLinked =
    place.isLinked || Object.entries(value).some(([name, field]) => namesRecord(place.index, name, field));
  return Object.entries(value)
    .map(([name, field]) => {
      const below = pathBelow(path, name);
      const others = takeIn({ ...place, isLinked }, name, below);
      return (field !== undefined && walk({ ...place, isLinked }, field, below)) || others;
    })
    .some(Boolean);
}

/** Tools that speak in text often mean JSON. */
function structureOf(text: string): Json | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return parseJson(text);
  } catch {
    // Text that only begins like JSON is text.
    return undefined;
  }
}

function namesRecord(index: ValueIndex, name: string, field: Json | undefined): boolean {
  return isNamed(index, name) || (typeof field === 'string' && isNamed(index, field));
}

/** Whether the mandate names this value; numbers and short words are in many orders by chance. */
function isNamed(index: ValueIndex, text: string): boolean {
  if (text.length < NAMED_CHARACTERS || shapeOf(text) === 'prose' || /^[\d\s.:,/+-]+$/.test(text)) return false;
  return (index.find(text) & SEEN.mandate) !== 0;
}

/** Free text carries whatever stands in it, also in a field that the system owns. Answers whether others wrote it. */
function takeIn({ index, authors, isLinked }: Place, text: string, path: string): boolean {
  const author = declaredFor(authors.fields ?? {}, path) ?? authors.default;
  if (author === 'others') return takeInOthers(index, text);
  if (shapeOf(text) === 'prose' && !(author === 'system' && isList(text))) return takeInOthers(index, text);
  index.add(text, (author === 'system' ? SEEN.record : SEEN.listed) | (isLinked ? SEEN.linked : 0));
  return false;
}

function takeInOthers(index: ValueIndex, text: string): boolean {
  index.add(text, SEEN.untrusted);
  return true;
}

function isList(text: string): boolean {
  return text.split(/[\n\r]+/).every((line) => line.split(/\s+/).length <= ENTRY_WORDS && shapeOf(line) !== 'prose');
}
