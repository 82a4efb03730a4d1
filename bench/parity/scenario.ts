import type { FreezeScope } from '../../src/action/event.ts';
import type { OpenRequest } from '../../src/gate/requests.ts';
import type { RecordedRun } from '../agentdojo/recorded-run.ts';

/** Recorded runs, and the order in which their calls and the acts of people come; the same in every mode. */
export interface Scenario {
  /** Stands before the path of every difference. */
  readonly name: string;
  readonly workflows: readonly OpenRequest[];
  /** Each makes the calls of one run, in the workflow of this number. */
  readonly agents: readonly { readonly workflow: number; readonly run: RecordedRun }[];
  readonly steps: readonly Step[];
}

/** One thing after the other: the next begins when everything that this one sets off has come to rest. */
export type Step = Act & {
  /** At which gateway, modulo how many there are. */
  readonly gateway: number;
  /** Milliseconds that pass before it. */
  readonly waitMs: number;
};

interface OfCall {
  readonly agent: number;
  readonly call: number;
}

export type Act =
  /** `begin`: its execution is not answered before `finish`. */
  | (OfCall & { readonly kind: 'run' | 'begin' | 'finish' | 'decide' | 'settle' })
  /** The same action again, or a look at what came of it. */
  | (OfCall & { readonly kind: 'again' | 'look' })
  /** The oldest question of the tenant is answered; nothing happens where there is none. */
  | { readonly kind: 'approve' | 'deny' }
  | { readonly kind: 'freeze' | 'thaw'; readonly scope: FreezeScope }
  | { readonly kind: 'freeze-workflow' | 'thaw-workflow'; readonly workflow: number }
  | { readonly kind: 'message'; readonly agent: number; readonly to: number }
  | { readonly kind: 'endorse' | 'revoke' | 'quarantine' | 'release' | 'erase'; readonly agent: number };
