import { isJsonObject, type Json, type JsonObject } from '../../src/lib/json.ts';

/** What stands in a statement's tree. */
export interface TreeFacts {
  /** Tables and views, as they are named; also names that a WITH gives, because it can hide a table of the same name. */
  readonly tables: Set<string>;
  /** Columns that are named; `*` for all. */
  readonly columns: Set<string>;
  /** Verbs of the statements inside others: a WITH can change data. */
  readonly inner: Set<string>;
  /** Whatever is not known to be harmless: nodes, fields, functions, operators, types. Empty: all of it is understood. */
  readonly unknown: Set<string>;
}

/** Nodes of expressions and of queries that only read. What is not here is unknown, and unknown is the worst. */
const NODES: ReadonlySet<string> = new Set(
  `SelectStmt ResTarget ColumnRef A_Star A_Const A_Expr BoolExpr NullTest BooleanTest FuncCall RangeVar JoinExpr
  RangeSubselect SubLink SortBy CommonTableExpr CaseExpr CaseWhen CoalesceExpr MinMaxExpr TypeCast String Integer Float
  Boolean List A_ArrayExpr WindowDef SQLValueFunction SetToDefault MergeWhenClause ColumnDef TypeName RowExpr
  InsertStmt UpdateStmt DeleteStmt`.split(/\s+/),
);

/** Fields that hold other nodes. `intoClause`, `lockingClause` and whatever comes later are not among them. */
const FIELDS: ReadonlySet<string> = new Set(
  `targetList fromClause whereClause groupClause havingClause windowClause valuesLists sortClause limitCount limitOffset
  withClause larg rarg ctes ctequery aliascolnames val args funcname agg_order agg_filter over partitionClause orderClause
  fields sval ival fval boolval bsval name lexpr rexpr quals alias colnames usingClause subquery subselect testexpr operName
  arg expr result defresult items elements typeName names typmods relation sourceRelation joinCondition mergeWhenClauses
  condition values cols selectStmt distinctClause node`.split(/\s+/),
);

/** Functions that compute from their arguments and nothing else, on PostgreSQL and on Databricks alike. */
const FUNCTIONS: ReadonlySet<string> = new Set(
  `count sum avg min max stddev variance abs ceil ceiling floor round sqrt power mod sign ln exp greatest least nullif
  coalesce lower upper length char_length trim btrim ltrim rtrim substring substr position replace concat concat_ws left
  right lpad rpad reverse split_part initcap date_trunc date_part extract now to_char to_date to_timestamp row_number rank
  dense_rank ntile lag lead first_value last_value percent_rank cume_dist array_agg string_agg bool_and bool_or md5
  overlay`.split(/\s+/),
);
const OPERATORS: ReadonlySet<string> = new Set(
  '= <> != < > <= >= + - * / % || ~~ !~~ ~~* !~~* BETWEEN IN AND'.split(' ').concat('NOT BETWEEN'),
);
const TYPES: ReadonlySet<string> = new Set(
  `int2 int4 int8 int bigint smallint tinyint float4 float8 float double numeric decimal text varchar bpchar string bool
  boolean date timestamp timestamptz time interval`.split(/\s+/),
);

const INNER: ReadonlySet<string> = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt']);

/** Walks a tree of libpg_query: a key with a capital names a node, any other a field. */
export function readTree(tree: Json): TreeFacts {
  const facts: TreeFacts = { tables: new Set(), columns: new Set(), inner: new Set(), unknown: new Set() };
  visit(tree, facts);
  return facts;
}

function visit(value: Json, facts: TreeFacts): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, facts);
    return;
  }
  if (!isJsonObject(value)) return;
  for (const [key, below] of Object.entries(value)) {
    if (!isJsonObject(below) && !Array.isArray(below)) continue;
    if (/^[A-Z]/.test(key)) visitNode(key, below, facts);
    else if (!FIELDS.has(key)) facts.unknown.add(`field ${key}`);
    else visitField(key, below, facts);
  }
}

function visitField(key: string, below: Json, facts: TreeFacts): void {
  // These fields hold a node of one type, without its name.
  if (key === 'relation' && isJsonObject(below) && 'relname' in below) facts.tables.add(tableOf(below));
  if (key === 'typeName') refuseOthers('type', lastName(below, 'names'), TYPES, facts);
  visit(below, facts);
}

function visitNode(type: string, node: Json, facts: TreeFacts): void {
  if (!NODES.has(type)) facts.unknown.add(type);
  if (INNER.has(type)) facts.inner.add(type);
  if (isJsonObject(node)) {
    if (type === 'RangeVar') facts.tables.add(tableOf(node));
    if (type === 'ColumnRef') facts.columns.add(columnOf(node));
    if (type === 'FuncCall') refuseOthers('function', lastName(node, 'funcname'), FUNCTIONS, facts);
    if (type === 'A_Expr') refuseOthers('operator', lastName(node, 'name'), OPERATORS, facts);
  }
  visit(node, facts);
}

function refuseOthers(
  what: string,
  name: string | undefined,
  known: ReadonlySet<string>,
  { unknown }: TreeFacts,
): void {
  if (name === undefined || !known.has(name)) unknown.add(`${what} ${name ?? ''}`);
}

/** The name of a function, operator or type: alone or in the parser's own `pg_catalog`; any other schema makes another of it. */
function lastName(node: Json, field: string): string | undefined {
  const names = isJsonObject(node) ? stringsIn(node[field]) : [];
  if (names.length === 2 && names[0] === 'pg_catalog') return names[1];
  return names.length === 1 ? names[0] : undefined;
}

/** The texts of a list of `{ String: { sval } }`. */
export function stringsIn(list: Json | undefined): readonly string[] {
  if (!Array.isArray(list)) return [];
  return list.map((item) => {
    const text = isJsonObject(item) ? item['String'] : undefined;
    return isJsonObject(text) && typeof text['sval'] === 'string' ? text['sval'] : '*';
  });
}

/** `catalog.schema.table`, as much of it as was named. */
export function tableOf(range: JsonObject): string {
  return [range['catalogname'], range['schemaname'], range['relname']]
    .filter((name) => typeof name === 'string')
    .join('.');
}

function columnOf(node: JsonObject): string {
  return stringsIn(node['fields']).at(-1) ?? '*';
}
