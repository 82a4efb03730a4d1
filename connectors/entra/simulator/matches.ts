import { isJsonObject, type Json } from '../../../src/lib/json.ts';
import type { Entry } from './tenant.ts';

const LITERAL = "'((?:[^']|'')*)'";
const EQUALS = new RegExp(`^([A-Za-z]+) eq ${LITERAL}$`);
const BEGINS = new RegExp(`^startswith\\(([A-Za-z]+),${LITERAL}\\)$`);
const MARKED = new RegExp(`^singleValueExtendedProperties/any\\(p:p/id eq ${LITERAL} and p/value eq ${LITERAL}\\)$`);

/**
 * A test for OData's filters as far as the connector sends them: `eq` and `startswith` joined by `and`, and one extended
 * property. Undefined for anything else, which Graph would answer with an error. Text compares without case, as there.
 */
export function matcherOf(filter: string): ((entry: Entry) => boolean) | undefined {
  const [, id, value] = MARKED.exec(filter) ?? [];
  if (id !== undefined) return (entry) => marksOf(entry).some((mark) => mark['id'] === id && mark['value'] === value);
  // Whatever stands inside a literal is no operator.
  const terms = filter.match(/(?:[^' ]|'(?:[^']|'')*'| (?!and ))+/g) ?? [];
  const tests = terms.filter((term) => term !== 'and').map((term) => testOf(term.replace(/^and /, '').trim()));
  return tests.every((test) => test !== undefined) ? (entry) => tests.every((test) => test(entry)) : undefined;
}

function testOf(term: string): ((entry: Entry) => boolean) | undefined {
  const [, field = '', wanted] = EQUALS.exec(term) ?? BEGINS.exec(term) ?? [];
  if (wanted === undefined) return undefined;
  const text = wanted.replaceAll("''", "'").toLowerCase();
  return (entry) => {
    const held = String(entry[field] ?? '').toLowerCase();
    return term.startsWith('startswith') ? held.startsWith(text) : held === text;
  };
}

function marksOf(entry: Entry): readonly Readonly<Record<string, Json>>[] {
  const marks = entry['singleValueExtendedProperties'];
  return Array.isArray(marks) ? marks.filter(isJsonObject) : [];
}
