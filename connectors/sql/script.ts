import { z } from 'zod';
import { batchOperation } from '../../src/connector/batch-operation.ts';
import type { AnyOperation, ExecutionResult, PartOutcome } from '../../src/connector/contract.ts';
import { statementsOf } from './judge-statement.ts';
import { placeInput, type StatementInput } from './statement.ts';
import { statementOutput } from './statement-reply.ts';

const output = z.object({
  results: z.array(
    z.object({
      status: z.enum(['succeeded', 'failed', 'unknown']),
      result: statementOutput.optional(),
      detail: z.string().optional(),
    }),
  ),
});
type PartResult = z.output<typeof output>['results'][number];

interface ScriptInput extends Omit<StatementInput, 'statement'> {
  readonly script: string;
}

/** The parts of a script; one that cannot be cut with certainty is one part, and that part is the worst case. */
const textsOf = ({ script }: ScriptInput): readonly string[] => statementsOf(script) ?? [script];

const partOf = (statement: string, { script: _, ...place }: ScriptInput) => ({ ...place, statement });

function resultOf(outcome: ExecutionResult): PartResult {
  switch (outcome.status) {
    case 'succeeded':
      return { status: 'succeeded', result: statementOutput.parse(outcome.result) };
    case 'accepted':
      return { status: 'unknown', detail: `Still running as ${outcome.handle['statement_id']}.` };
    case 'failed':
    case 'unknown':
      return { status: outcome.status, detail: outcome.detail };
    default:
      return outcome satisfies never;
  }
}

const NOT_SENT: PartResult = { status: 'failed', detail: 'It was not sent, because one before it did not succeed.' };

/** Several statements in one text, each judged for itself; they are sent one by one, and the first that fails ends it. */
export const scriptOperation = (statement: AnyOperation) =>
  batchOperation({
    name: 'sql.script.run',
    description:
      'Runs the statements of a script one after the other. Each is judged, and none is sent before all are allowed.',
    input: z.strictObject({
      script: z.string().min(1).max(65_536),
      ...placeInput,
    }),
    output,
    operations: [statement],
    parts: (input: ScriptInput) =>
      textsOf(input).map((text) => ({ operation: 'sql.statement.run', input: partOf(text, input) })),
    outcomes: (result): readonly PartOutcome[] => output.parse(result).results,
    repeat: { class: 'at-most-once', evidence: { mark: 'sdk', source: 'POST /api/2.0/sql/statements names no key' } },
    execute: async (input: ScriptInput, context) => {
      const results: PartResult[] = [];
      for (const text of textsOf(input)) {
        if (results.some(({ status }) => status !== 'succeeded')) {
          results.push(NOT_SENT);
          continue;
        }
        const outcome = await statement.execute(partOf(text, input), context);
        // Where the first did not succeed, nothing else was sent: what came of it came of the whole.
        if (results.length === 0 && (outcome.status === 'failed' || outcome.status === 'unknown')) return outcome;
        results.push(resultOf(outcome));
      }
      return { status: 'succeeded', result: { results } };
    },
    evidence: [{ mark: 'sdk', source: 'POST /api/2.0/sql/statements takes one statement' }],
  });
