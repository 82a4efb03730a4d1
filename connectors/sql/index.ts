import { defineConnector } from '../../src/connector/contract.ts';
import { InterlockError } from '../../src/lib/errors.ts';
import { sqlFailureOf } from './failure-of.ts';
import { readyToJudge } from './judge-statement.ts';
import { scriptOperation } from './script.ts';
import { authenticationOf, sqlSettings } from './settings.ts';
import { simulateSql } from './simulator/simulate-sql.ts';
import { queryOperation, statementIdOperations, statementOperation } from './statement.ts';

/** SQL on a Databricks warehouse: statements, judged by their trees. */
export default defineConnector({
  system: 'sql',
  title: 'SQL warehouse (Databricks)',
  settings: sqlSettings,
  connect: async (settings, { clock }) => {
    await readyToJudge();
    const statement = statementOperation(settings.warehouseId);
    return {
      operations: [
        queryOperation(settings.warehouseId),
        statement,
        scriptOperation(statement),
        ...statementIdOperations,
      ],
      resourceTypes: { 'Sql::Table': {}, 'Sql::Statement': {} },
      labels: [],
      http: {
        origin: settings.origin,
        authentication: authenticationOf(settings, clock),
        failureOf: sqlFailureOf(clock),
      },
      check: async ({ http, signal }) => {
        const call = { method: 'GET', path: '/api/2.0/sql/warehouses' } as const;
        const answer = await http.send(call, { repeatable: true, reads: true, signal });
        if (answer.ok) return;
        const isCredential = ['credential', 'refused'].includes(answer.class);
        throw new InterlockError(isCredential ? 'CREDENTIAL_REFUSED' : 'SYSTEM_UNAVAILABLE', answer.detail);
      },
    };
  },
  simulate: simulateSql,
});
