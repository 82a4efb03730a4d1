import { z } from 'zod';
import type { ResourceRef } from '../../src/action/resource.ts';
import {
  type AnyOperation,
  type Execute,
  type Probe,
  readOperation,
  writeOperation,
} from '../../src/connector/contract.ts';
import { failedOf, httpExecution } from '../../src/connector/http/http-execution.ts';
import { path } from '../../src/connector/http/path.ts';
import { JUDGED_KINDS, type Judgement, judgeStatement, UNKNOWN } from './judge-statement.ts';
import { outcomeOf, probedOf, statementOutput } from './statement-reply.ts';

const STATEMENTS = '/api/2.0/sql/statements';
const TEXT = 65_536;
const ROWS = 1_000;

const oneName = z.string().regex(/^[A-Za-z0-9_-]{1,255}$/, 'one name');
/** What unqualified names of tables mean, and how many rows are wanted. */
export const placeInput = {
  catalog: oneName.exactOptional(),
  schema: oneName.exactOptional(),
  row_limit: z.int().min(1).max(10_000).default(ROWS),
};

export interface StatementInput {
  readonly statement: string;
  readonly catalog?: string;
  readonly schema?: string;
  readonly row_limit: number;
}

/** The whole name of a table where the call says what it stands for; names are not told apart by case. */
function qualified(name: string, { catalog, schema }: StatementInput): string {
  const parts = name.toLowerCase().split('.');
  if (name === '*' || parts.length === 3) return name.toLowerCase();
  if (parts.length === 2) return [catalog?.toLowerCase() ?? '*', ...parts].join('.');
  return [catalog?.toLowerCase() ?? '*', schema?.toLowerCase() ?? '*', ...parts].join('.');
}

const tablesOf = (names: readonly string[], input: StatementInput) => [
  ...new Set(names.map((name) => qualified(name, input))),
];

const judged = (input: StatementInput): Judgement => judgeStatement(input.statement);

function resources(input: StatementInput): readonly [ResourceRef, ...ResourceRef[]] {
  const { reads, writes } = judged(input);
  const [first = '*', ...others] = tablesOf([...writes, ...reads], input);
  return [{ type: 'Sql::Table', id: first }, ...others.map((id) => ({ type: 'Sql::Table', id }) as const)];
}

const facets = {
  schema: z.object({
    verb: z.string(),
    /** Whether every word of it was understood. */
    understood: z.boolean(),
    tables_read: z.array(z.string()),
    tables_written: z.array(z.string()),
    columns: z.array(z.string()),
  }),
  of: (input: StatementInput) => {
    const { verb, reads, writes, columns } = judged(input);
    const tables = { tables_read: tablesOf(reads, input), tables_written: tablesOf(writes, input) };
    return { verb, understood: verb !== UNKNOWN.verb, ...tables, columns: [...columns] };
  },
};

/** Sends one statement and waits for it a while; what goes on then is asked for by its id. */
const execute =
  (warehouseId: string): Execute<StatementInput> =>
  async ({ statement, catalog, schema, row_limit }, { http, signal }) => {
    const { verb, effect } = judgeStatement(statement);
    const reads = effect.kind === 'read';
    const body = {
      warehouse_id: warehouseId,
      statement,
      ...(catalog !== undefined && { catalog }),
      ...(schema !== undefined && { schema }),
      row_limit,
      wait_timeout: '20s',
      on_wait_timeout: 'CONTINUE',
      format: 'JSON_ARRAY',
      disposition: 'INLINE',
    };
    const answer = await http.send({ method: 'POST', path: STATEMENTS, body }, { repeatable: reads, reads, signal });
    if (!answer.ok) return failedOf(answer, reads);
    try {
      return outcomeOf(answer.reply, verb !== UNKNOWN.verb);
    } catch {
      // What the parser says may quote rows.
      const detail = 'The reply of the warehouse cannot be read.';
      return reads
        ? { status: 'failed', code: 'RESPONSE_UNEXPECTED', detail, exposed: true }
        : { status: 'unknown', code: 'RESPONSE_UNEXPECTED', detail };
    }
  };

const probe: Probe<StatementInput> = async ({ statement }, { handle, http, signal }) => {
  const id = handle?.['statement_id'];
  if (typeof id !== 'string')
    return { status: 'undetermined', detail: 'No id of the statement came back to ask with.' };
  const answer = await http.send(
    { method: 'GET', path: path`/api/2.0/sql/statements/${id}` },
    { repeatable: true, reads: true, signal },
  );
  if (!answer.ok) return { status: 'undetermined', detail: answer.detail };
  return probedOf(outcomeOf(answer.reply, judgeStatement(statement).verb !== UNKNOWN.verb));
};

const provenance = {
  arguments: { statement: 'target', catalog: 'target', schema: 'target' },
  returns: { default: 'system', fields: { rows: 'others' } },
} as const;

const evidence = [{ mark: 'sdk', source: 'POST /api/2.0/sql/statements (Statement Execution API)' }] as const;

/** A statement that is understood to its last word and only reads; everything else is refused as input. */
export const queryOperation = (warehouseId: string) =>
  readOperation({
    name: 'sql.query.run',
    description: 'Runs one SELECT that is understood to its last word: known functions, no quoted names, no comments.',
    input: z.strictObject({
      statement: z
        .string()
        .min(1)
        .max(TEXT)
        .refine(
          (text) => judgeStatement(text).effect.kind === 'read',
          'it is not one query that is known to read only',
        ),
      ...placeInput,
    }),
    output: statementOutput,
    facets,
    resourceTypes: ['Sql::Table'],
    resources,
    provenance,
    execute: execute(warehouseId),
    evidence: [...evidence],
  });

/** Any one statement: its effect is what its tree says, and the worst where the tree does not say. */
export const statementOperation = (warehouseId: string) =>
  writeOperation({
    name: 'sql.statement.run',
    description:
      'Runs one SQL statement. What it does is read from its tree; what is not understood counts as anything.',
    input: z.strictObject({ statement: z.string().min(1).max(TEXT), ...placeInput }),
    output: statementOutput,
    facets,
    resourceTypes: ['Sql::Table'],
    resources,
    provenance,
    effect: (input) => judged(input).effect,
    effectKinds: [...JUDGED_KINDS],
    repeat: { class: 'at-most-once', evidence: { mark: 'sdk', source: 'POST /api/2.0/sql/statements names no key' } },
    execute: execute(warehouseId),
    probe,
    undo: (input) => {
      const { verb, effect, writes } = judged(input);
      const [table] = writes;
      if (verb !== 'create table' || effect.reversible !== 'operation' || table === undefined) return undefined;
      const { catalog, schema, row_limit } = input;
      const place = { ...(catalog !== undefined && { catalog }), ...(schema !== undefined && { schema }) };
      return { operation: 'sql.statement.run', input: { statement: `drop table ${table}`, ...place, row_limit } };
    },
    evidence: [...evidence, { mark: 'sdk', source: 'parsed with libpg_query, PostgreSQL’s own parser' }],
  });

const ofStatement = { statement_id: z.string().regex(/^[A-Za-z0-9-]{1,64}$/) };
const onStatement = ({ statement_id }: { readonly statement_id: string }) =>
  [{ type: 'Sql::Statement', id: statement_id }] as const;

const getStatement = readOperation({
  name: 'sql.statement.get',
  description: 'Shows how a statement stands, with its rows once it has ended.',
  input: z.strictObject(ofStatement),
  output: z.object({
    statement_id: z.string(),
    status: z.object({ state: z.string() }),
    result: z.object({ data_array: z.array(z.array(z.string().nullable())).optional() }).nullish(),
  }),
  resourceTypes: ['Sql::Statement'],
  resources: onStatement,
  provenance: { returns: { default: 'system', fields: { 'result.data_array': 'others' } } },
  execute: httpExecution({
    request: ({ statement_id }) => ({ method: 'GET', path: path`/api/2.0/sql/statements/${statement_id}` }),
    repeatable: true,
    result: ({ body }) => body,
  }),
  evidence: [{ mark: 'sdk', source: 'GET /api/2.0/sql/statements/{statement_id}' }],
});

const cancelStatement = writeOperation({
  name: 'sql.statement.cancel',
  description: 'Cancels a statement that is still running, whoever runs it.',
  input: z.strictObject(ofStatement),
  output: z.object({}),
  resourceTypes: ['Sql::Statement'],
  resources: onStatement,
  provenance: { arguments: { statement_id: 'target' } },
  effect: () => ({ kind: 'update', reversible: 'no', external: false, privileged: false, count: 1 }),
  effectKinds: ['update'],
  repeat: { class: 'naturally-idempotent', evidence: { mark: 'sdk', source: 'what has ended stays ended' } },
  execute: httpExecution({
    request: ({ statement_id }) => ({ method: 'POST', path: path`/api/2.0/sql/statements/${statement_id}/cancel` }),
    repeatable: true,
    result: () => ({}),
  }),
  undo: { none: 'A statement does not go on; it can be run again.' },
  evidence: [{ mark: 'sdk', source: 'POST /api/2.0/sql/statements/{statement_id}/cancel' }],
});

export const statementIdOperations: readonly AnyOperation[] = [getStatement, cancelStatement];
