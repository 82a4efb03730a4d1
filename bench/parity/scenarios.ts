import type { Limits } from '../../src/action/event.ts';
import type { RecordedRun } from '../agentdojo/recorded-run.ts';
import { interleave } from './interleave.ts';
import type { Scenario } from './scenario.ts';
import { Seeded } from './seeded.ts';

/** Users of the runs that are replayed alone: their signals are those of several workflows. */
const USERS = 40;
/** Users of interleavings: rarely the same. */
const MANY = 1_000_000;
const STEP_MS = 1_500;
const BETWEEN_RUNS_MS = 180_000;

/** The calls of one run as they were recorded, at one gateway after the other; what is held waits until its time is over. */
export function aloneOf(run: RecordedRun, name: string): Scenario {
  const random = new Seeded(name);
  const first = random.below(USERS);
  return {
    name,
    workflows: [{ onBehalfOf: { id: `user${first}` }, mandate: run.prompt }],
    agents: [{ workflow: 0, run }],
    steps: run.calls.map((_, call) => ({
      kind: 'run',
      agent: 0,
      call,
      gateway: first + call,
      waitMs: 1 + random.below(call === 0 ? BETWEEN_RUNS_MS : STEP_MS),
    })),
  };
}

/** Several runs at once: their agents in one workflow, in several of one user, or in those of several users. */
export function togetherOf(runs: readonly RecordedRun[], name: string): Scenario {
  const random = new Seeded(name);
  const layout = random.of(['one workflow', 'one user', 'several users']);
  const isOne = layout === 'one workflow';
  const user = `user${random.below(MANY)}`;
  const prompts = runs.map(({ prompt }) => prompt);
  const workflows = (isOne ? [prompts.join('\n')] : prompts).map((mandate, index) => ({
    onBehalfOf: { id: layout === 'several users' ? `${user}.${index}` : user },
    mandate,
    ...limitsOf(random),
  }));
  const agents = runs.map((run, index) => ({ workflow: isOne ? 0 : index, run }));
  return { name, workflows, agents, steps: interleave(agents, random) };
}

/** Few enough that some runs meet them. */
function limitsOf(random: Seeded): { readonly limits?: Limits } {
  if (random.is(0.5)) return {};
  return { limits: { actions: 4 + random.below(20), communicate: random.below(3), spend: 1 + random.below(2) } };
}
