import type { Effect } from '../src/action/effect.ts';
import { effectCasesOf, judgesOf } from '../src/connector/conformance/effect-cases.ts';
import type { Subject } from '../src/connector/conformance/subject.ts';
import type { AnyOperation, WriteOperation } from '../src/connector/contract.ts';
import { readEffectOf } from '../src/connector/read-effect.ts';
import { isJsonObject, type Json } from '../src/lib/json.ts';

/** What a page says of one operation; each is a cell. */
export interface OperationRow {
  readonly name: string;
  readonly effect: string;
  readonly reversible: string;
  readonly undo: string;
  readonly repeat: string;
  readonly evidence: string;
  readonly judgedBy: string;
}

export async function operationRow(operation: AnyOperation, subject: Subject): Promise<OperationRow> {
  const { system } = subject.connector;
  const cases = shownEffects(operation, subject);
  const marks = [...operation.evidence, ...(operation.kind === 'read' ? [] : [operation.repeat.evidence])];
  return {
    name: operation.name.slice(system.length + 1),
    effect: effectCell(cases, labelsOf(operation, subject)),
    reversible: operation.kind === 'read' ? '' : [...new Set(cases.map(({ effect }) => effect.reversible))].join(' / '),
    undo: operation.kind === 'read' ? '' : await undoCell(operation, subject),
    repeat: repeatCell(operation),
    evidence: [...new Set(marks.map(({ mark }) => mark))].join(', '),
    judgedBy: judgesOf(subject.fixtures, operation.name).join(', ').replace('none', 'nobody'),
  };
}

interface ShownEffect {
  readonly effect: Effect;
  readonly when: string | undefined;
}

function shownEffects(operation: AnyOperation, { fixtures }: Subject): readonly ShownEffect[] {
  if (operation.kind === 'read') return [{ effect: readEffectOf(operation), when: undefined }];
  return effectCasesOf(fixtures)
    .filter((each) => each.operation === operation.name)
    .map(({ input, when }) => ({ effect: operation.effect(operation.input.parse(input)), when }));
}

/** `create; with groups: privilege ⚑ 2`. What has no words of its own comes first. */
function effectCell(cases: readonly ShownEffect[], labels: readonly string[]): string {
  const whens = new Map<string, Set<string>>();
  const differ = new Set(cases.map(({ effect }) => effect.reversible)).size > 1;
  for (const { effect, when } of cases) {
    const words = wordsOf(effect) + (differ && effect.reversible === 'no' ? ', for good' : '');
    whens.set(words, (whens.get(words) ?? new Set()).add(when ?? ''));
  }
  const parts = [...whens].map(([words, reasons]) =>
    reasons.has('') ? words : `${[...reasons].slice(0, 3).join(', ')}${reasons.size > 3 ? ', …' : ''}: ${words}`,
  );
  const plainFirst = parts.sort((a, b) => Number(a.includes(': ')) - Number(b.includes(': ')));
  const shown = labels.length === 0 ? '' : ` → ${labels.map((label) => `\`${label}\``).join(', ')}`;
  return plainFirst.join('; ') + shown;
}

function wordsOf({ kind, privileged, external, count, amount }: Effect): string {
  return [
    kind,
    ...(privileged ? ['⚑'] : []),
    ...(external ? ['✉'] : []),
    ...(amount === undefined ? [] : ['¤']),
    ...(count === 1 ? [] : [count.toLocaleString('en-US')]),
  ].join(' ');
}

function labelsOf(operation: AnyOperation, { fixtures }: Subject): readonly string[] {
  const inputs = fixtures.samples.filter((sample) => sample.operation === operation.name).map(({ input }) => input);
  return [...new Set(inputs.flatMap((input) => operation.labels?.(operation.input.parse(input)) ?? []))].sort();
}

/** The operation that takes it back, by asking for it with what the simulated system answered. */
async function undoCell(operation: WriteOperation, subject: Subject): Promise<string> {
  const { undo } = operation;
  if (typeof undo !== 'function') return `none: ${undo.none}`;
  const found = new Set<string>();
  for (const sample of subject.fixtures.samples.filter((each) => each.operation === operation.name)) {
    const result = subject.connector.simulate === undefined ? undefined : (await subject.trace(sample)).result;
    const shown = result !== undefined && 'result' in result ? asJson(operation, result.result) : undefined;
    const call = undo(operation.input.parse(sample.input), shown);
    if (call !== undefined) found.add(`\`${call.operation.slice(subject.connector.system.length + 1)}\``);
  }
  return found.size === 0 ? 'by its arguments' : [...found].join(', ');
}

function asJson({ output }: WriteOperation, result: unknown): Json | undefined {
  const parsed = output.safeParse(result);
  return parsed.success && isJsonObject(parsed.data) ? parsed.data : undefined;
}

function repeatCell(operation: AnyOperation): string {
  if (operation.kind === 'read') return 'read-only';
  return operation.repeat.class + (operation.probe === undefined ? '' : ', read back');
}
