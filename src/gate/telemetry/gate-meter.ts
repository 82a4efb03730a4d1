import { Histogram } from '../../lib/metrics/histogram.ts';
import type { Metric } from '../../lib/metrics/metric.ts';

/** The steps of one pass through the gate, in order. */
export type Stage = 'load' | 'decide' | 'append' | 'execute' | 'record';

/** How long the gate's work takes, for /metrics. */
export class GateMeter {
  readonly #decisions = new Histogram({
    name: 'interlock_decision_seconds',
    help: 'Time from a call until its decision is durable, by decision and system; an execution comes after it.',
    labels: ['decision', 'system'],
  });
  readonly #stages = new Histogram({
    name: 'interlock_stage_seconds',
    help: 'Time of each stage of a pass through the gate.',
    labels: ['stage'],
  });
  readonly #executions = new Histogram({
    name: 'interlock_execution_seconds',
    help: 'Time of executions, by system and what came of them.',
    labels: ['system', 'status'],
  });

  decided(seconds: number, decision: string, system: string): void {
    this.#decisions.observe(seconds, [decision, system]);
  }

  passed(stage: Stage, seconds: number): void {
    this.#stages.observe(seconds, [stage]);
  }

  executed(seconds: number, system: string, status: string): void {
    this.#executions.observe(seconds, [system, status]);
  }

  metrics(): readonly Metric[] {
    return [this.#decisions, this.#stages, this.#executions].map((each) => each.metric());
  }
}
