import type { SimulatorResponse, SimulatorWorld } from '../../../src/connector/simulator/create-simulator.ts';
import type { JsonObject } from '../../../src/lib/json.ts';
import { fieldNamed, objectNamed, type Row, type SimulatedOrg, tableOf, type Value } from './org.ts';
import { notFound, ok, refuse } from './replies.ts';

/** Rows of one page; the real one has up to 2,000. */
const PAGE = 10;

const QUERY =
  /^SELECT (?<fields>[\w, ]+?) FROM (?<object>\w+)(?: WHERE (?<where>.+?))?(?: ORDER BY (?<order>\w+)(?<desc> DESC| ASC)?)?(?: LIMIT (?<limit>\d+))?$/s;
const STRING = String.raw`'(?:[^'\\]|\\.)*'`;
const LITERAL = `(?:${STRING}|-?\\d+(?:\\.\\d+)?|true|false|null|\\d{4}-\\d{2}-\\d{2}[\\w:.+-]*)`;
const CONDITION = new RegExp(
  `^(\\w+) (=|!=|<|>|LIKE|IN|NOT IN) ?(\\(${LITERAL}(?:, ?${LITERAL})*\\)|${LITERAL})(?: AND |$)`,
  's',
);

type Test = (row: Row) => boolean;

/** As much of SOQL as the connector and jsforce's own finder write. */
export function answerQuery(
  { org, world, version }: { readonly org: SimulatedOrg; readonly world: SimulatorWorld; readonly version: string },
  soql: string,
): SimulatorResponse {
  const groups = QUERY.exec(soql)?.groups;
  const object = objectNamed(groups?.['object'] ?? '');
  if (groups === undefined) return refuse(400, 'MALFORMED_QUERY', 'unexpected token');
  if (object === undefined) return refuse(400, 'INVALID_TYPE', `sObject type '${groups['object']}' is not supported.`);
  const fields = (groups['fields'] ?? '').split(',').map((name) => fieldNamed(object, name.trim()) ?? '');
  const tests = readTests(object, groups['where'] ?? '');
  if (fields.includes('')) return refuse(400, 'INVALID_FIELD', `No such column on entity '${object}'`);
  if (tests === undefined) return refuse(400, 'MALFORMED_QUERY', 'unexpected token in a condition');
  const order = fieldNamed(object, groups['order'] ?? 'Id') ?? 'Id';
  const sign = groups['desc'] === ' DESC' ? -1 : 1;
  const found = [...tableOf(org, object).values()]
    .filter((row) => tests.every((test) => test(row)))
    .sort((a, b) => sign * String(a[order]).localeCompare(String(b[order])))
    .slice(0, Number(groups['limit'] ?? 50_000));
  return page({ org, world, version }, { object, rows: found, fields, total: found.length });
}

const IN_BIN = / AND IsDeleted = true(?= |$)/;

/** What is in the recycle bin; as much of it as the connector asks for. */
export function answerQueryAll(place: Parameters<typeof answerQuery>[0], soql: string): SimulatorResponse {
  const { org } = place;
  if (!IN_BIN.test(soql)) return answerQuery(place, soql);
  const tables: SimulatedOrg['tables'] = new Map();
  for (const [id, { object, row }] of org.bin) tables.set(object, new Map([...(tables.get(object) ?? []), [id, row]]));
  return answerQuery({ ...place, org: { ...org, tables } }, soql.replace(IN_BIN, ''));
}

/** The next page of a result, by its locator. */
export function answerLocator(
  place: { readonly org: SimulatedOrg; readonly world: SimulatorWorld; readonly version: string },
  locator: string,
): SimulatorResponse {
  const rest = place.org.cursors.get(locator);
  if (rest === undefined) return notFound();
  return page(place, { object: 'record', ...rest });
}

interface Result {
  readonly object: string;
  readonly rows: readonly Row[];
  readonly fields: readonly string[];
  readonly total: number;
}

function page(
  { org, world, version }: { readonly org: SimulatedOrg; readonly world: SimulatorWorld; readonly version: string },
  { object, rows, fields, total }: Result,
): SimulatorResponse {
  const records = rows.slice(0, PAGE).map((row) => shown(object, row, fields));
  if (rows.length <= PAGE) return ok({ totalSize: total, done: true, records });
  const locator = `01g${world.id().slice(0, 15)}-${PAGE}`;
  org.cursors.set(locator, { rows: rows.slice(PAGE), fields, total });
  const nextRecordsUrl = `/services/data/v${version}/query/${locator}`;
  return ok({ totalSize: total, done: false, nextRecordsUrl, records });
}

/** A row as it is answered, with what names it. */
export function shown(object: string, row: Row, fields: readonly string[]): JsonObject {
  const attributes = { type: object, url: `/services/data/sobjects/${object}/${row['Id']}` };
  return { attributes, ...Object.fromEntries(fields.map((field) => [field, row[field] ?? null])) };
}

function readTests(object: string, where: string): readonly Test[] | undefined {
  const tests: Test[] = [];
  for (let rest = where; rest !== ''; ) {
    const match = CONDITION.exec(rest);
    const field = fieldNamed(object, match?.[1] ?? '');
    if (match === null || field === undefined) return undefined;
    tests.push(testOf(field, match[2] ?? '', readLiterals(match[3] ?? '')));
    rest = rest.slice(match[0].length);
  }
  return tests;
}

function readLiterals(text: string): readonly Value[] {
  return [...text.matchAll(new RegExp(LITERAL, 'gs'))].map(([literal]) => {
    if (literal.startsWith("'")) return literal.slice(1, -1).replace(/\\([^%_])/gs, '$1');
    if (literal === 'null') return null;
    if (literal === 'true' || literal === 'false') return literal === 'true';
    return /^-?\d+(\.\d+)?$/.test(literal) ? Number(literal) : literal;
  });
}

function testOf(field: string, operator: string, wanted: readonly Value[]): Test {
  const [first = null] = wanted;
  switch (operator) {
    case 'IN':
    case '=':
      return (row) => wanted.some((value) => isSame(row[field], value));
    case 'NOT IN':
    case '!=':
      return (row) => !wanted.some((value) => isSame(row[field], value));
    case '<':
      return (row) => row[field] !== null && first !== null && (row[field] ?? '') < first;
    case '>':
      return (row) => row[field] !== null && first !== null && (row[field] ?? '') > first;
    default: {
      const pattern = String(first)
        .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
        .replace(/(?<!\\)%/g, '.*')
        .replace(/\\\\([%_])/g, '$1');
      return (row) => new RegExp(`^${pattern}$`, 'is').test(String(row[field] ?? ''));
    }
  }
}

/** Text is compared without regard to case. */
function isSame(a: Value | undefined, b: Value): boolean {
  return typeof a === 'string' && typeof b === 'string' ? a.toLowerCase() === b.toLowerCase() : (a ?? null) === b;
}
