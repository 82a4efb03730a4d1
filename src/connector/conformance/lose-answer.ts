import type { ExecutionResult, ProbeResult } from '../contract.ts';
import { prepare, type Subject, type Trace } from './subject.ts';
import type { Interference } from './wire.ts';

export interface Loss {
  /** Whether the system did what it was asked to before the answer was lost. */
  readonly when: 'before' | 'after';
  readonly answer: 'reset' | 'hang' | number;
}

export interface Lost {
  readonly result: ExecutionResult;
  readonly effects: readonly string[];
  /** Undefined where there is no read-back. */
  readonly probed: ProbeResult | undefined;
}

/** Runs a traced sample again on a fresh system, and loses the answer of the call that has its effect, once. */
export function loseAnswer({ sample, effectAt }: Trace, subject: Subject, { when, answer }: Loss): Promise<Lost> {
  return subject.world(async (world) => {
    await prepare(sample, world);
    const before = world.effects().length;
    const hanging = new AbortController();
    const lost: Interference = {
      when: when === 'before' ? 'instead' : 'after',
      answer: typeof answer === 'number' ? { status: answer, headers: {}, body: '' } : answer,
    };
    world.wire.interfere((_call, index) => {
      if (index !== effectAt) return undefined;
      // Nobody answers: the caller's patience ends here instead of after half a minute.
      if (answer === 'hang') setTimeout(() => hanging.abort(), PATIENCE_MS);
      return lost;
    });
    const result = await world.run(sample, { signal: hanging.signal });
    world.wire.interfere(undefined);
    const probed = await world.probe(sample);
    return { result, effects: world.effects().slice(before), probed };
  });
}

/** Long enough for the simulated system to have had the effect before the caller gives up. */
const PATIENCE_MS = 25;
