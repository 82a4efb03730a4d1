import type { Answer } from '../../src/gate/answers.ts';
import type { Interlock } from '../../src/gate/interlock.ts';
import type { Contender, Running, Turn } from '../take-turns.ts';
import type { Level, Levels } from './levels.ts';
import type { LocalGateways } from './local-gateways.ts';
import { CONVENTIONAL, commitName, LOG_NAMES, type LogKind, type Mode } from './names.ts';
import { LONG, mustBeAllowed, openWorkflow, REFERENCE_CALL, type ReferenceWorkflow } from './reference-gateway.ts';

/** Measured actions in one workflow: few, so that the next one finds about as many earlier events as the first. */
export const ACTIONS_PER_WORKFLOW = 4;
const ACTIONS_PER_LONG_WORKFLOW = 20;

/** The library in this process, with each kind of log. */
export function inProcess(gateways: LocalGateways, levels: Levels): Running {
  const contenders = (['memory', 'off', 'full'] as const).flatMap((log) =>
    (['decide', 'run'] as const).flatMap((mode) =>
      contendersOf({ interlock: gateways[log].interlock, log, mode }, levels),
    ),
  );
  const close = async (): Promise<void> => {
    for (const { interlock } of [gateways.memory, gateways.off, gateways.full]) await interlock.close();
  };
  return { contenders, close };
}

export interface Way {
  readonly interlock: Interlock;
  readonly log: LogKind;
  readonly mode: Mode;
}

function contendersOf(way: Way, { alone, together }: Levels): Contender[] {
  const contender = (level: Level, events: number): Contender => ({
    name: `${way.mode}, in process, ${LOG_NAMES[way.log]}, ${events} events, ${level.atOnce} at once`,
    ...level,
    peer: peerOf(way, level),
    prepare: () => prepareActions(way, level, events),
  });
  return [contender(alone, 10), contender(alone, 500), ...together.map((level) => contender(level, 10))];
}

/** The conventional stack does not execute and waits for no disk, so it is nobody else's peer. */
function peerOf({ log, mode }: Way, { atOnce }: Level): string | undefined {
  if (log === 'full') return commitName(mode, atOnce);
  return mode === 'decide' && atOnce === 1 ? CONVENTIONAL : undefined;
}

/** Fresh workflows for each turn, opened off the clock. */
export async function prepareActions(
  { interlock, mode }: Pick<Way, 'interlock' | 'mode'>,
  { atOnce, each }: Level,
  events: number,
): Promise<Turn> {
  const perWorkflow = events >= LONG ? ACTIONS_PER_LONG_WORKFLOW : ACTIONS_PER_WORKFLOW;
  const perLoop = Math.ceil(each / perWorkflow);
  const workflows: ReferenceWorkflow[] = [];
  for (let count = 0; count < atOnce * perLoop; count++) workflows.push(await openWorkflow(interlock, events));
  const agentAt = (loop: number, index: number) => {
    const workflow = workflows[loop * perLoop + Math.floor(index / perWorkflow)];
    if (workflow === undefined) throw new Error('There are fewer workflows than loops.');
    return workflow.agent;
  };
  const permits: { readonly agent: ReferenceWorkflow['agent']; readonly id: string }[] = [];
  const act = async (loop: number, index: number): Promise<Answer> => {
    const agent = agentAt(loop, index);
    const answer = mustBeAllowed(await interlock[mode](agent, REFERENCE_CALL));
    if (mode === 'decide') permits.push({ agent, id: answer.id });
    return answer;
  };
  // A permit that is never settled would expire in the middle of a later turn.
  const end = async (): Promise<void> => {
    await Promise.all(permits.map(({ agent, id }) => interlock.settle(agent, id, { status: 'succeeded' })));
  };
  return { operate: act, end };
}
