import { loadModule, parseSync } from 'libpg-query';
import { type Effect, type EffectKind, WORST_EFFECT } from '../../src/action/effect.ts';
import { isJsonObject, type Json, type JsonObject } from '../../src/lib/json.ts';
import { readTree, stringsIn, type TreeFacts, tableOf } from './statement-tree.ts';

/** What one statement does, as far as its tree tells. */
export interface Judgement {
  /** In lower case, e.g. `select`; `unknown` where the worst is assumed. */
  readonly verb: string;
  readonly effect: Effect;
  /** Tables and views as they are named; `*` where nobody can say. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly columns: readonly string[];
}

/** The parser is WebAssembly: wait for this once, before anything is judged. */
export const readyToJudge: () => Promise<void> = loadModule;

/** Counts for what touches rows that nobody has counted. */
export const MANY = 1_000;

export const UNKNOWN: Judgement = {
  verb: 'unknown',
  effect: WORST_EFFECT,
  reads: ['*'],
  writes: ['*'],
  columns: ['*'],
};

/**
 * Texts that every dialect cuts into words in the same way: no quoted names, escapes, comments, dollar quotes, markers of
 * parameters, or letters that look like others. Of any other text the tree could be another one than the system's.
 */
const PLAIN = /^[A-Za-z0-9_ \t\r\n.,;()=<>!+\-*/%|'~]*$/;
const COMMENT = /--|\/\*|\*\//;
/** What a reader may not take a text for: `'…'` may hold any of the plain characters. */
const isPlain = (text: string): boolean => PLAIN.test(text) && !COMMENT.test(text);

/** Each statement of a text, in order; undefined where it cannot be cut with certainty. */
export function statementsOf(text: string): readonly string[] | undefined {
  const parsed = isPlain(text) ? parsedOf(text) : undefined;
  return parsed?.map(({ location, length }) =>
    text.slice(location, length === 0 ? undefined : location + length).trim(),
  );
}

/** Judges one statement. More than one, none, or one that is not understood to its last word is the worst case. */
export function judgeStatement(text: string): Judgement {
  const parsed = isPlain(text) ? parsedOf(text) : undefined;
  const [only, ...others] = parsed ?? [];
  if (only === undefined || others.length > 0) return UNKNOWN;
  const [[type, statement] = ['', undefined]] = Object.entries(only.statement);
  if (!isJsonObject(statement)) return UNKNOWN;
  return judgeOf(type, statement) ?? UNKNOWN;
}

interface Parsed {
  readonly statement: JsonObject;
  readonly location: number;
  readonly length: number;
}

/** PostgreSQL's own parser; undefined for what it refuses. Its offsets are bytes, and plain texts have one for each character. */
function parsedOf(text: string): readonly Parsed[] | undefined {
  try {
    const { stmts = [] } = parseSync(text);
    // The tree is JSON; the package types every node for itself.
    return stmts.map(({ stmt, stmt_location = 0, stmt_len = 0 }) => ({
      statement: stmt as unknown as JsonObject,
      location: stmt_location,
      length: stmt_len,
    }));
  } catch {
    // What it says quotes the statement.
    return undefined;
  }
}

function judgeOf(type: string, statement: JsonObject): Judgement | undefined {
  switch (type) {
    case 'SelectStmt':
      return dataStatement('select', statement, { kind: 'read', count: 1 });
    case 'InsertStmt':
      return dataStatement('insert', statement, { kind: 'create', count: rowsOf(statement) });
    case 'UpdateStmt':
      return dataStatement('update', statement, { kind: 'update', count: MANY });
    case 'DeleteStmt':
      return dataStatement('delete', statement, { kind: 'delete', count: MANY });
    case 'MergeStmt':
      return dataStatement('merge', statement, { kind: 'delete', count: MANY });
    case 'CreateStmt':
      return createTable(statement);
    case 'TruncateStmt':
      return definition('truncate', { kind: 'delete', count: MANY }, rangesIn(statement['relations']));
    case 'DropStmt':
      return drop(statement);
    case 'GrantStmt':
      return grant(statement);
    case 'ExplainStmt':
      return explain(statement);
    default:
      return undefined;
  }
}

type Weight = Pick<Effect, 'kind' | 'count'>;

/** A statement whose every word is known; undefined otherwise. Data that is changed inside of it makes it the worst case. */
function dataStatement(verb: string, statement: JsonObject, weight: Weight): Judgement | undefined {
  const facts = readTree(statement);
  if (facts.unknown.size > 0 || facts.inner.size > 0) return undefined;
  const target = isJsonObject(statement['relation']) ? tableOf(statement['relation']) : undefined;
  return {
    verb,
    effect: effectOf(weight, false),
    // What is changed may be read as well: it stands in both.
    reads: [...facts.tables],
    writes: target === undefined ? [] : [target],
    columns: columnsOf(facts, statement),
  };
}

const columnsOf = ({ columns }: TreeFacts, { cols, targetList }: JsonObject): readonly string[] => {
  const named = [...(Array.isArray(cols) ? cols : []), ...(Array.isArray(targetList) ? targetList : [])].flatMap(
    (item) => {
      const target = isJsonObject(item) ? item['ResTarget'] : undefined;
      return isJsonObject(target) && typeof target['name'] === 'string' ? [target['name']] : [];
    },
  );
  return [...new Set([...columns, ...named])];
};

function effectOf({ kind, count }: Weight, privileged: boolean): Effect {
  return { kind, reversible: 'no', external: false, privileged, count };
}

/** Rows of an INSERT … VALUES; from a query nobody knows how many. */
function rowsOf(statement: JsonObject): number {
  const select = statement['selectStmt'];
  const query = isJsonObject(select) ? select['SelectStmt'] : undefined;
  const rows = isJsonObject(query) ? query['valuesLists'] : undefined;
  return Array.isArray(rows) && rows.length > 0 ? rows.length : MANY;
}

/** DDL and grants change what others rely on: privileged. */
function definition(verb: string, weight: Weight, writes: readonly string[]): Judgement | undefined {
  if (writes.length === 0) return undefined;
  return { verb, effect: effectOf(weight, true), reads: [], writes, columns: [] };
}

/** A plain list of columns; anything else in a definition (defaults, constraints, storage, options) is not understood. */
function createTable(statement: JsonObject): Judgement | undefined {
  const { relation, tableElts, oncommit, if_not_exists, ...others } = statement;
  const known = oncommit === undefined || oncommit === 'ONCOMMIT_NOOP';
  if (!known || Object.keys(others).length > 0 || !isJsonObject(relation)) return undefined;
  if (readTree(tableElts ?? []).unknown.size > 0) return undefined;
  const judged = definition('create table', { kind: 'create', count: 1 }, [tableOf(relation)]);
  // IF NOT EXISTS may have made nothing: dropping it would drop what was there before.
  if (judged === undefined || if_not_exists === true) return judged;
  return { ...judged, effect: { ...judged.effect, reversible: 'operation' } };
}

const DROPPED: ReadonlySet<unknown> = new Set([
  'OBJECT_TABLE',
  'OBJECT_VIEW',
  'OBJECT_SCHEMA',
  'OBJECT_FUNCTION',
  'OBJECT_MATVIEW',
]);

function drop({ objects, removeType, behavior }: JsonObject): Judgement | undefined {
  if (!DROPPED.has(removeType) || !Array.isArray(objects)) return undefined;
  const names = objects.map(dropName);
  if (names.some((name) => name === '' || name.includes('*'))) return undefined;
  const isWide = behavior === 'DROP_CASCADE' || removeType === 'OBJECT_SCHEMA';
  return definition('drop', { kind: 'delete', count: isWide ? MANY : names.length }, names);
}

function dropName(item: Json): string {
  if (!isJsonObject(item)) return '';
  const { List: list, ObjectWithArgs: withArgs } = item;
  if (isJsonObject(list)) return stringsIn(list['items']).join('.');
  if (isJsonObject(withArgs)) return stringsIn(withArgs['objname']).join('.');
  return stringsIn([item]).join('.');
}

/** Tables in a grant are resources; whatever else it names makes it reach many. */
function grant({ objects, is_grant }: JsonObject): Judgement | undefined {
  const tables = rangesIn(objects);
  const isAll = !Array.isArray(objects) || tables.length !== objects.length || tables.length === 0;
  const weight: Weight = { kind: 'privilege', count: isAll ? MANY : tables.length };
  return definition(is_grant === true ? 'grant' : 'revoke', weight, isAll ? ['*'] : tables);
}

/** Without ANALYZE nothing is run; with any option, nobody here looks closer. */
function explain({ query, options }: JsonObject): Judgement | undefined {
  if (options !== undefined || !isJsonObject(query)) return undefined;
  const [[type, statement] = ['', undefined]] = Object.entries(query);
  const judged = isJsonObject(statement) ? judgeOf(type, statement) : undefined;
  if (judged === undefined) return undefined;
  const names = [...new Set([...judged.reads, ...judged.writes])];
  return { ...judged, verb: 'explain', effect: effectOf({ kind: 'read', count: 1 }, false), reads: names, writes: [] };
}

function rangesIn(list: Json | undefined): readonly string[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item) => {
    const range = isJsonObject(item) ? item['RangeVar'] : undefined;
    return isJsonObject(range) ? [tableOf(range)] : [];
  });
}

/** Every kind that a judgement can have. */
export const JUDGED_KINDS = [
  'read',
  'create',
  'update',
  'delete',
  'privilege',
  'execute',
] as const satisfies readonly EffectKind[];
