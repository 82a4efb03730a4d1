import type { Json, JsonObject } from '../../../src/lib/json.ts';
import { JOURNALS, REFERENCES } from './table-columns.ts';
import type { Row, Tables } from './tables.ts';

/** How a caller wants its records: `sysparm_fields`, `sysparm_display_value`, `sysparm_exclude_reference_link`. */
interface Presentation {
  readonly origin: string;
  readonly fields: readonly string[] | undefined;
  readonly display: 'false' | 'true' | 'all';
  readonly excludesLinks: boolean;
}

export function presentationOf(query: URLSearchParams, origin: string): Presentation {
  const display = query.get('sysparm_display_value');
  return {
    origin,
    fields: query
      .get('sysparm_fields')
      ?.split(',')
      .filter((field) => field !== ''),
    display: display === 'true' || display === 'all' ? display : 'false',
    excludesLinks: query.get('sysparm_exclude_reference_link') === 'true',
  };
}

/** A row in the table API's dialect. Unknown fields are left out without a word. */
export function presentRecord(tables: Tables, row: Row, presentation: Presentation): JsonObject {
  const columns = presentation.fields?.filter((field) => field in row) ?? Object.keys(row);
  return Object.fromEntries(columns.map((column) => [column, cellOf(tables, { row, column }, presentation)]));
}

/** The change API's dialect: every field as `{ display_value, value }`. */
export function presentChange(tables: Tables, row: Row): JsonObject {
  return Object.fromEntries(
    Object.keys(row).map((column) => [
      column,
      { display_value: displayOf(tables, row, column), value: row[column] ?? '' },
    ]),
  );
}

function cellOf(
  tables: Tables,
  { row, column }: { readonly row: Row; readonly column: string },
  { origin, display, excludesLinks }: Presentation,
): Json {
  const value = row[column] ?? '';
  const table = REFERENCES.get(column);
  const link =
    table === undefined || value === '' || excludesLinks ? {} : { link: `${origin}/api/now/table/${table}/${value}` };
  const isLinked = 'link' in link;
  switch (display) {
    case 'all':
      return { display_value: displayOf(tables, row, column), value, ...link };
    case 'true':
      return isLinked ? { display_value: displayOf(tables, row, column), ...link } : displayOf(tables, row, column);
    case 'false':
      return isLinked ? { ...link, value } : value;
  }
}

function displayOf(tables: Tables, row: Row, column: string): string {
  const value = row[column] ?? '';
  if (JOURNALS.has(column)) return tables.journalOf(row['sys_id'] ?? '', column);
  return tables.displayOf(column, value) ?? value;
}
