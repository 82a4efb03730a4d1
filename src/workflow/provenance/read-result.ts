import type { Author, ResultAuthors } from '../../action/provenance.ts';
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import { parseJson } from '../../lib/parse-json.ts';
import { plainForm } from './fold-text.ts';
import { declaredFor, isFieldName, leavesOf, pathBelow } from './leaves-of.ts';
import { isAddress } from './role-by-shape.ts';
import { chunksOf } from './text-keys.ts';
import { isList, shapeOf } from './text-shape.ts';
import { SEEN, type ValueIndex } from './value-index.ts';

/** Shorter values stand in orders by chance. */
const NAMED_CHARACTERS = 4;

const WHOLE = [''];

interface Place {
  readonly index: ValueIndex;
  readonly authors: ResultAuthors;
  /** Something that the mandate names led here. */
  readonly isLinked: boolean;
  /** What was asked with: an answer that repeats it says nothing new. */
  readonly asked: ReadonlySet<string>;
}

/** Takes in what an answer shows, by who answers for each field; says whether others wrote some of it. */
export function readResult(index: ValueIndex, result: Json, input: JsonObject, authors: ResultAuthors): boolean {
  const asked = new Set([...leavesOf(input)].map(({ text }) => text));
  const isLinked = [...asked].some((text) => isNamed(index, text));
  return walk({ index, authors, isLinked, asked }, result, '');
}

/** Answers whether others wrote something in it. */
function walk(place: Place, value: Json, path: string): boolean {
  if (typeof value === 'number') return takeIn(place, String(value), path);
  if (typeof value === 'string') {
    const structure = (place.authors.within ?? WHOLE).includes(path) ? structureOf(value) : undefined;
    return structure === undefined ? takeIn(place, value, path) : walk(place, structure, path);
  }
  if (Array.isArray(value)) return value.map((item) => walk(place, item, `${path}[*]`)).some(Boolean);
  return isJsonObject(value) && walkRecord(place, Object.entries(value), path);
}

/** The fields of a record belong together: one that the mandate names speaks for the others. */
function walkRecord(place: Place, fields: readonly (readonly [string, Json | undefined])[], path: string): boolean {
  const isLinked = place.isLinked || fields.some(([name, field]) => isNamedField(place, pathBelow(path, name), field));
  const within = {
    ...place,
    isLinked: isLinked || fields.some(([name]) => !isFieldName(name) && isNamed(place.index, name)),
  };
  return fields
    .map(([name, field]) => {
      const below = pathBelow(path, name);
      const key = !isFieldName(name) && takeIn(within, name, below);
      return (field !== undefined && walk(within, field, below)) || key;
    })
    .some(Boolean);
}

/** What others wrote links nothing: they would choose what belongs to the user's words. */
function isNamedField(place: Place, path: string, field: Json | undefined): boolean {
  return typeof field === 'string' && authorOf(place, path) !== 'others' && isNamed(place.index, field);
}

/** Whether the mandate names this value; numbers and short words are in many orders by chance. */
function isNamed(index: ValueIndex, text: string): boolean {
  if (text.length < NAMED_CHARACTERS || shapeOf(text) === 'prose' || /^[\d\s.:,/+-]+$/.test(text)) return false;
  return (index.find(text) & SEEN.mandate) !== 0;
}

/** Tools that speak in text often mean JSON: in the answer as a whole, and never in a field, which others may fill. */
function structureOf(text: string): Json | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return parseJson(text);
  } catch {
    // Text that only begins like JSON is text.
    return undefined;
  }
}

function authorOf({ authors }: Place, path: string): Author | undefined {
  const { within = WHOLE, fields = {} } = authors;
  const answer = within.find((place) => path.startsWith(place));
  const inAnswer = answer === undefined ? '' : path.slice(answer.length).replace(/^\./, '');
  return declaredFor(fields, inAnswer) ?? authors.default;
}

/** Of a list that nobody declared, names are taken for the system's, because they must exist; addresses anybody can make up. */
function hasAddress(text: string): boolean {
  return chunksOf(plainForm(text)).some((chunk) => isAddress(chunk.text));
}

/** Free text carries whatever stands in it, also in a field that the system owns. Answers whether others wrote it. */
function takeIn(place: Place, text: string, path: string): boolean {
  const { index, isLinked } = place;
  const author = authorOf(place, path);
  if (author === 'others' && place.asked.has(text)) return false;
  if (author === 'others') return takeInOthers(index, text);
  if (shapeOf(text) === 'prose') {
    // A text of the system's is read line by line: entries of a list are its own, sentences are somebody's.
    const lines = author === 'system' ? text.split(/[\n\r]+/) : [];
    if (lines.length > 1) return lines.map((line) => takeIn(place, line, path)).some(Boolean);
    if (!isList(text) || hasAddress(text)) return takeInOthers(index, text);
  }
  index.add(text, (author === 'system' ? SEEN.record : SEEN.listed) | (isLinked ? SEEN.linked : 0));
  return false;
}

function takeInOthers(index: ValueIndex, text: string): boolean {
  index.add(text, SEEN.untrusted);
  return true;
}
