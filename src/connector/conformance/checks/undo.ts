import type { Json } from '../../../lib/json.ts';
import type { ExecutionResult, ProbeResult, WriteOperation } from '../../contract.ts';
import type { Check } from '../check.ts';
import { claimsUndo } from '../claims-undo.ts';
import type { ConformanceCall, ConformanceSample } from '../fixtures.ts';
import { prepare, type Subject } from '../subject.ts';
import { wordsOf } from '../words-of.ts';
import type { World } from '../world.ts';

/** Apply, read back, apply again, undo, read back. */
export const undoCheck: Check = {
  name: 'undo',
  rule: 'what was done reads back, is done once more only where it may be, and is gone when it has been undone',
  needs: 'simulator',
  async run(subject) {
    const problems: string[] = [];
    let cases = 0;
    let undone = 0;
    for (const sample of subject.samples('undo')) {
      const definition = subject.operations.find(({ name }) => name === sample.operation);
      if (definition === undefined || definition.kind === 'read') continue;
      cases += 1;
      const walked = await subject
        .world((world) => walk({ subject, sample, definition, world }))
        .catch((thrown: unknown) => ({ undone: false, problems: [wordsOf(thrown)] }));
      if (walked.undone) undone += 1;
      problems.push(...walked.problems.map((words) => `${sample.operation}: ${words}`));
    }
    return { cases, problems, notes: [`${undone} of ${cases} were taken back`] };
  },
};

interface Walk {
  readonly subject: Subject;
  readonly sample: ConformanceSample;
  readonly definition: WriteOperation;
  readonly world: World;
}

interface Walked {
  readonly undone: boolean;
  readonly problems: readonly string[];
}

async function walk(walking: Walk): Promise<Walked> {
  const { sample, world, definition, subject } = walking;
  await prepare(sample, world);
  const stateBefore = await stateOf(subject, world);
  const result = await world.run(sample);
  const problems = [...(await appliedProblems(walking, result))];
  const again = definition.repeat.class === 'at-most-once' ? repeatedElsewhere : appliedTwice;
  problems.push(...(await again(walking)));
  const undo = undoOf(walking, result);
  if (undo === undefined) return { undone: false, problems };
  if (typeof undo === 'string') return { undone: false, problems: [...problems, undo] };
  const taken = await world.run(undo, { actionId: 'il-conformance-undo' });
  if (taken.status !== 'succeeded' && taken.status !== 'accepted')
    return {
      undone: false,
      problems: [...problems, `its undo ${undo.operation} did not succeed: ${JSON.stringify(taken)}`],
    };
  const probed = await world.probe(sample, { handle: handleOf(result) });
  if (probed?.status === 'applied' && subject.fixtures.state === undefined)
    problems.push(`reads back as applied after ${undo.operation} has undone it`);
  if ((await stateOf(subject, world)) !== stateBefore)
    problems.push(`${undo.operation} did not restore what was before`);
  return { undone: true, problems };
}

/** The same call again, of the same action. */
async function appliedTwice({ sample, world, definition }: Walk): Promise<readonly string[]> {
  const before = world.effects().length;
  const again = await world.run(sample);
  const hasEffect = world.effects().length > before;
  if (definition.repeat.class === 'at-most-once')
    return again.status === 'failed' && hasEffect ? ['fails the second time, and had its effect all the same'] : [];
  return [
    ...(again.status === 'failed' ? [`is idempotent, and fails the second time: ${again.detail}`] : []),
    ...(hasEffect ? ['is idempotent, and had an effect the second time'] : []),
  ];
}

/** What is at most once leaves two things behind, of which its undo takes one back: so on a system of its own. */
function repeatedElsewhere({ sample, definition, subject }: Walk): Promise<readonly string[]> {
  return subject.world(async (world) => {
    await prepare(sample, world);
    await world.run(sample);
    return appliedTwice({ sample, definition, subject, world });
  });
}

async function appliedProblems(
  { sample, definition, world }: Walk,
  result: ExecutionResult,
): Promise<readonly string[]> {
  const probed: ProbeResult | undefined = await world.probe(sample, { handle: handleOf(result) });
  if (probed?.status === 'not-applied') return ['reads back as not applied right after it was done'];
  if (
    probed?.status === 'applied' &&
    probed.result !== undefined &&
    !definition.output.safeParse(probed.result).success
  )
    return ['reads back a result that does not fit its output'];
  return probed?.status === 'running' && result.status === 'succeeded' ? ['succeeded and reads back as running'] : [];
}

function handleOf(result: ExecutionResult) {
  return result.status === 'accepted' ? result.handle : undefined;
}

/** The call that takes it back; undefined where it cannot be; a sentence where it says it can and does not. */
function undoOf({ sample, definition }: Walk, result: ExecutionResult): ConformanceCall | string | undefined {
  const input = definition.input.parse(sample.input);
  const claims = claimsUndo(definition, definition.effect(input));
  if (typeof definition.undo !== 'function')
    return claims ? 'says that an operation takes it back, and names none' : undefined;
  const shown = 'result' in result && result.result !== undefined ? parsedResult(definition, result.result) : undefined;
  const undo = definition.undo(input, shown);
  return undo === undefined && claims ? 'says that an operation takes it back, and names none for this input' : undo;
}

function parsedResult(definition: WriteOperation, result: unknown): Json | undefined {
  const parsed = definition.output.safeParse(result);
  // What an operation answers is JSON: it is recorded so.
  return parsed.success ? (parsed.data as Json) : undefined;
}

/** What the fixtures' reads show, without the fields that no undo restores. */
async function stateOf({ fixtures: { state } }: Subject, world: World): Promise<string> {
  if (state === undefined) return '';
  const ignored = new Set(state.ignore);
  const shown = [];
  for (const read of state.reads) shown.push(await world.run(read));
  return JSON.stringify(shown, (name, value) => (ignored.has(name) || value === null ? undefined : value));
}
