import { alignTable } from '../print-table.ts';
import type { Row } from '../row.ts';
import { BASE, type Mode } from './fleet.ts';

/** In percent of `n` actions: those that are the same as in the first mode, whole. */
export interface ParityRow extends Row {
  readonly what: string;
  readonly mode: Mode;
  readonly scenarios: number;
  readonly identical: number;
  readonly different: number;
  /** Logs of workflows and tenants; and those that are the same to the byte, hashes included. */
  readonly logs: number;
  readonly sameLogs: number;
  /** Of actions, logs, and what people were told. */
  readonly differences: number;
}

const HEADER = ['runs', `beside ${BASE}`, 'played', 'actions', 'identical', 'different', 'logs', 'same to the byte'];

export function tableOf(rows: readonly Row[]): string {
  const cells = parityRows(rows).map(({ what, mode, scenarios, n, identical, different, logs, sameLogs }) => [
    what,
    mode,
    ...[scenarios, n, identical, different, logs, sameLogs].map((each) => each.toLocaleString('en')),
  ]);
  return alignTable(HEADER, cells, (column) => column < 2);
}

/** A difference anywhere fails the run. */
export function hasDifferences(rows: readonly Row[]): boolean {
  return parityRows(rows).some(({ differences }) => differences > 0);
}

function parityRows(rows: readonly Row[]): readonly ParityRow[] {
  return rows as readonly ParityRow[]; // this bench makes no others
}
