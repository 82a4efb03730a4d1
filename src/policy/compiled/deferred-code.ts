import type { EvaluationState } from './evaluation-state.ts';
import type { Code } from './expression.ts';
import type { Constants, Value } from './value.ts';

const NO_CONSTANTS: Constants = [];

/** Code that is made when it first runs: of a large policy set, most decisions never ask for most of it. */
export class DeferredCode implements Code {
  /** Replaced by what was made, so that nothing stands in between from then on. */
  run: (state: EvaluationState, constants: Constants) => Value;
  constants: Constants = NO_CONSTANTS;
  #isMade = false;

  constructor(make: () => Code) {
    this.run = (state) => {
      const { run, constants } = make();
      this.run = run;
      this.constants = constants;
      this.#isMade = true;
      return run(state, constants);
    };
  }

  get isMade(): boolean {
    return this.#isMade;
  }
}
