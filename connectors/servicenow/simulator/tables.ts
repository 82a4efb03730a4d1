import type { SimulatorWorld } from '../../../src/connector/simulator/create-simulator.ts';
import { JOURNALS, NUMBER_PREFIXES, REFERENCES, TABLE_COLUMNS } from './table-columns.ts';

/** A row; every value is a string, as ServiceNow sends it. */
export type Row = Readonly<Record<string, string>>;

export interface Writer {
  readonly world: SimulatorWorld;
  /** The user_name that writes. */
  readonly by: string;
}

const FIRST_NUMBER = 10_000;

/** The rows of every table. Keeps what is stored; what follows from it is in `business-rules.ts`. */
export class Tables {
  readonly #rows = new Map<string, Map<string, Row>>([...TABLE_COLUMNS.keys()].map((table) => [table, new Map()]));
  readonly #numbers = new Map<string, number>();

  has(table: string): boolean {
    return this.#rows.has(table);
  }

  all(table: string): readonly Row[] {
    return [...(this.#rows.get(table)?.values() ?? [])];
  }

  get(table: string, sysId: string): Row | undefined {
    return this.#rows.get(table)?.get(sysId);
  }

  find(table: string, where: Row): Row | undefined {
    return this.all(table).find((row) => Object.entries(where).every(([column, value]) => row[column] === value));
  }

  /** `sys_id` may be given, as ServiceNow lets it. */
  insert(table: string, values: Row, { world, by }: Writer): Row {
    const at = timestamp(world.clock.now());
    const sysId = /^[0-9a-f]{32}$/.test(values['sys_id'] ?? '') ? String(values['sys_id']) : world.id();
    const empty = Object.fromEntries((TABLE_COLUMNS.get(table) ?? []).map((column) => [column, '']));
    const system = {
      sys_id: sysId,
      sys_created_on: at,
      sys_updated_on: at,
      sys_created_by: by,
      sys_updated_by: by,
      sys_mod_count: '0',
    };
    const row = { ...empty, ...this.#known(table, values), ...this.#numbered(table), ...system };
    this.#rows.get(table)?.set(sysId, row);
    this.#addJournals(sysId, values, { world, by });
    return row;
  }

  update(
    table: string,
    sysId: string,
    { values, writer }: { readonly values: Row; readonly writer: Writer },
  ): Row | undefined {
    const row = this.get(table, sysId);
    if (row === undefined) return undefined;
    const modified = String(Number(row['sys_mod_count']) + 1);
    const next = {
      ...row,
      ...this.#known(table, values),
      sys_updated_on: timestamp(writer.world.clock.now()),
      sys_updated_by: writer.by,
      sys_mod_count: modified,
    };
    this.#rows.get(table)?.set(sysId, next);
    this.#addJournals(sysId, values, writer);
    return next;
  }

  delete(table: string, sysId: string): boolean {
    return this.#rows.get(table)?.delete(sysId) ?? false;
  }

  /** The name by which people know what a reference points to. */
  displayOf(column: string, value: string): string | undefined {
    const table = REFERENCES.get(column);
    const row = table === undefined ? undefined : this.get(table, value);
    return row?.['name'] || row?.['number'];
  }

  /** The entries of a journal as its display value shows them, the newest first. */
  journalOf(sysId: string, element: string): string {
    const entries = this.all('sys_journal_field').filter(
      (entry) => entry['element_id'] === sysId && entry['element'] === element,
    );
    return entries
      .reverse()
      .map((entry) => `${entry['sys_created_on']} - ${entry['sys_created_by']} (${element})\n${entry['value']}\n\n`)
      .join('');
  }

  #known(table: string, values: Row): Row {
    const columns = new Set(TABLE_COLUMNS.get(table));
    return Object.fromEntries(
      Object.entries(values).filter(
        ([column]) => columns.has(column) && !column.startsWith('sys_') && !JOURNALS.has(column),
      ),
    );
  }

  #numbered(table: string): Row {
    const prefix = NUMBER_PREFIXES.get(table);
    if (prefix === undefined) return {};
    const number = (this.#numbers.get(table) ?? FIRST_NUMBER) + 1;
    this.#numbers.set(table, number);
    return { number: `${prefix}${String(number).padStart(7, '0')}`, sys_class_name: table };
  }

  #addJournals(sysId: string, values: Row, writer: Writer): void {
    for (const element of JOURNALS) {
      const value = values[element];
      if (value === undefined || value === '') continue;
      this.insert('sys_journal_field', { element_id: sysId, element, name: 'task', value }, writer);
    }
  }
}

/** ServiceNow's timestamps: UTC, to the second. */
export function timestamp(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}
