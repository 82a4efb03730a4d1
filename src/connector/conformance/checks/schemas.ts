import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { toolNameOf } from '../../../action/names.ts';
import { isJsonObject, type Json } from '../../../lib/json.ts';
import type { Check } from '../check.ts';
import type { Subject, Trace } from '../subject.ts';

const UNDECLARED = 'undeclared_field_of_the_conformance_suite';
const TOOL_NAME_CHARACTERS = 64;

/** What was parsed parses to itself; what nobody declared is refused on the way in and stripped on the way out. */
export const schemasCheck: Check = {
  name: 'schemas',
  rule: 'inputs and outputs come through their schemas unchanged, and nothing undeclared does',
  needs: 'declaration',
  async run(subject) {
    const problems = subject.operations.flatMap(({ name, input, output }) => [
      ...(toolNameOf(name).length > TOOL_NAME_CHARACTERS ? [`${name}: is too long for a tool`] : []),
      ...notJson(`${name}: input`, input, 'input'),
      ...notJson(`${name}: output`, output, 'output'),
    ]);
    const samples = subject.samples('schemas');
    for (const { operation, input } of samples) {
      const definition = subject.operations.find(({ name }) => name === operation);
      if (definition === undefined) continue;
      problems.push(...inputProblems(operation, definition.input, input));
    }
    if (subject.connector.simulate !== undefined) problems.push(...(await outputProblems(subject)));
    return { cases: subject.operations.length + samples.length, problems };
  },
};

function notJson(what: string, schema: z.ZodType, io: 'input' | 'output'): readonly string[] {
  try {
    z.toJSONSchema(schema, { io, unrepresentable: 'any' });
    return [];
  } catch (thrown) {
    return [`${what} has no JSON schema: ${String(thrown)}`];
  }
}

function inputProblems(operation: string, schema: z.ZodType, input: Json): readonly string[] {
  const parsed = schema.safeParse(input);
  if (!parsed.success) return [`${operation}: the sample is refused: ${z.prettifyError(parsed.error)}`];
  const again = schema.safeParse(JSON.parse(JSON.stringify(parsed.data)));
  const problems =
    again.success && isDeepStrictEqual(again.data, parsed.data)
      ? []
      : [`${operation}: a parsed input does not parse to itself`];
  const more = { ...Object(input), [UNDECLARED]: 1 };
  if (schema.safeParse(more).success) problems.push(`${operation}: an unknown field of the input is not refused`);
  return problems;
}

async function outputProblems(subject: Subject): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const sample of subject.samples('schemas')) problems.push(...outputProblemsOf(await subject.trace(sample)));
  return problems;
}

function outputProblemsOf({ definition, result }: Trace): readonly string[] {
  if (result.status !== 'succeeded') return [];
  const { name, output } = definition;
  const given: unknown = result.result;
  const parsed = output.safeParse(given);
  if (!parsed.success) return [`${name}: its own result does not fit its output: ${z.prettifyError(parsed.error)}`];
  const again = output.safeParse(parsed.data);
  if (!again.success || !isDeepStrictEqual(again.data, parsed.data))
    return [`${name}: a parsed result does not parse to itself`];
  if (!isJsonObject(given)) return [];
  const more = output.safeParse({ ...given, [UNDECLARED]: 1 });
  const leaks = more.success && isJsonObject(more.data) && UNDECLARED in more.data;
  return leaks ? [`${name}: an undeclared field of the result is not stripped`] : [];
}
