import type { StreamId } from '../../src/action/log-port.ts';
import { effectMark } from '../../src/gate/execute.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { testClock } from '../../test/support/test-clock.ts';
import type { RecordedCall } from '../agentdojo/recorded-run.ts';
import { stepIds } from './step-ids.ts';

interface Part {
  readonly call: RecordedCall;
  readonly name: string;
  /** Its execution is not answered before this. */
  readonly held: Promise<void>;
  readonly release: () => void;
  readonly begun: Promise<void>;
  readonly onBegun: () => void;
}

/** An effect as the governed system saw it. */
export interface Effect {
  readonly action: string;
  readonly input: JsonObject;
}

/** What the gateways of one mode have in common besides their log: time, ids, and the system that they govern. */
export class Stage {
  readonly clock = testClock();
  readonly ids = stepIds();
  readonly effects: Effect[] = [];
  readonly #parts = new Map<string, Part>();

  /** What the system will answer to an action; `isHeld`: not before it is released. */
  expect(stream: StreamId, { id, name, call, isHeld }: Expected): Pick<Part, 'release' | 'begun'> {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const { promise: begun, resolve: onBegun } = Promise.withResolvers<void>();
    if (!isHeld) release();
    this.#parts.set(effectMark(stream, id), { call, name, held, release, begun, onBegun });
    return { release, begun };
  }

  /** The system itself. */
  async recall(input: JsonObject, mark: string): Promise<RecordedCall | undefined> {
    const part = this.#parts.get(mark);
    this.effects.push({ action: part?.name ?? mark, input });
    part?.onBegun();
    await part?.held;
    return part?.call;
  }
}

interface Expected {
  readonly id: string;
  readonly name: string;
  readonly call: RecordedCall;
  readonly isHeld: boolean;
}
