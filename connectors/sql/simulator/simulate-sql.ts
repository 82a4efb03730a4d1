import type { Simulate } from '../../../src/connector/contract.ts';
import {
  createSimulator,
  type SimulatorResponse,
  type SimulatorWorld,
} from '../../../src/connector/simulator/create-simulator.ts';
import type { SimulatorRequest } from '../../../src/connector/simulator/read-simulator-request.ts';
import { isJsonObject } from '../../../src/lib/json.ts';

export const SIMULATED_TOKEN = 'simulated-sql-token';
const WAREHOUSE = 'wh-1';

interface Warehouse {
  readonly tables: Set<string>;
  readonly statements: Map<string, Statement>;
}
interface Statement {
  state: string;
  readonly rows: readonly (readonly string[])[];
  readonly error?: string;
}

const refuse = (status: number, error_code: string): SimulatorResponse => ({
  status,
  body: { error_code, message: error_code },
});

/** A warehouse that knows which tables there are, and takes everything else for done. `sleep` in a text keeps it running. */
export const simulateSql: Simulate = (options) => {
  const warehouse: Warehouse = { tables: new Set(['main.sales.orders']), statements: new Map() };
  return createSimulator({
    options,
    settings: (origin) => ({ origin, warehouseId: WAREHOUSE, token: SIMULATED_TOKEN }),
    refusal: (status) => refuse(status, status === 429 ? 'REQUEST_LIMIT_EXCEEDED' : 'INTERNAL_ERROR'),
    handle: (request, world) => {
      if (request.headers['authorization'] !== `Bearer ${SIMULATED_TOKEN}`) return refuse(401, 'UNAUTHENTICATED');
      if (request.path === '/api/2.0/sql/warehouses') return { status: 200, body: { warehouses: [{ id: WAREHOUSE }] } };
      return request.path.startsWith('/api/2.0/sql/statements')
        ? answer(warehouse, request, world)
        : refuse(404, 'ENDPOINT_NOT_FOUND');
    },
  });
};

function answer(warehouse: Warehouse, request: SimulatorRequest, world: SimulatorWorld): SimulatorResponse {
  const [, , , , id, verb] = request.segments;
  if (id === undefined)
    return request.method === 'POST' ? run(warehouse, request, world) : refuse(405, 'METHOD_NOT_ALLOWED');
  const found = warehouse.statements.get(id);
  if (found === undefined) return refuse(404, 'NOT_FOUND');
  if (verb === 'cancel') {
    if (found.state === 'RUNNING') {
      found.state = 'CANCELED';
      world.audit('statement.cancel', id);
    }
    return { status: 200, body: {} };
  }
  const shown = show(id, found);
  // It ends when it has been asked for once.
  if (found.state === 'RUNNING') found.state = 'SUCCEEDED';
  return shown;
}

function run(warehouse: Warehouse, { body }: SimulatorRequest, world: SimulatorWorld): SimulatorResponse {
  const text = isJsonObject(body) ? body['statement'] : undefined;
  if (typeof text !== 'string' || !isJsonObject(body) || body['warehouse_id'] !== WAREHOUSE)
    return refuse(400, 'INVALID_PARAMETER_VALUE');
  const statement = runText(warehouse, text.trim(), world);
  const id = `01ef-${warehouse.statements.size + 1}`;
  warehouse.statements.set(id, statement);
  return show(id, statement);
}

/** This simulator's own small reading of SQL: the first words, and the name behind them. */
function runText({ tables }: Warehouse, text: string, world: SimulatorWorld): Statement {
  if (/^(?:select|explain)\b/i.test(text))
    return { state: /sleep/.test(text) ? 'RUNNING' : 'SUCCEEDED', rows: [...tables].map((table) => [table]) };
  const [, verb = '', name = ''] = /^(create table|drop table|[a-z]+)\s+(?:into |from )?([\w.*]*)/i.exec(text) ?? [];
  const table = name.toLowerCase();
  switch (verb.toLowerCase()) {
    case 'create table':
      if (tables.has(table)) return { state: 'FAILED', rows: [], error: 'TABLE_OR_VIEW_ALREADY_EXISTS' };
      tables.add(table);
      break;
    case 'drop table':
      if (!tables.delete(table)) return { state: 'FAILED', rows: [], error: 'TABLE_OR_VIEW_NOT_FOUND' };
      break;
  }
  world.audit(`statement.${verb.toLowerCase().replace(' ', '-')}`, table);
  return { state: 'SUCCEEDED', rows: [] };
}

function show(statement_id: string, { state, rows, error }: Statement): SimulatorResponse {
  const status = {
    state,
    ...(error !== undefined && { error: { error_code: error, message: `[${error}] it is so` } }),
  };
  const columns = rows.length === 0 ? [] : [{ name: 'name', type_name: 'STRING' }];
  const body = {
    statement_id,
    status,
    manifest: { schema: { columns }, truncated: false },
    result: { data_array: rows },
  };
  return { status: 200, body: state === 'SUCCEEDED' ? body : { statement_id, status } };
}
