import type { SpanContext } from '@opentelemetry/api';
import { BOUNDS } from '../../lib/bounds.ts';

/**
 * Where held actions were first decided, so that what becomes of them later names that trace. In memory alone: the log
 * is about what happened, and after a restart, or in another gateway, the two traces stand for themselves.
 */
export class HeldTraces {
  readonly #traces = new Map<string, SpanContext>();

  of(key: string): SpanContext | undefined {
    return this.#traces.get(key);
  }

  keep(key: string, span: SpanContext): void {
    if (this.#traces.has(key)) return;
    this.#traces.set(key, span);
    const [oldest] = this.#traces.keys();
    if (this.#traces.size > BOUNDS.heldTraces && oldest !== undefined) this.#traces.delete(oldest);
  }

  forget(key: string): void {
    this.#traces.delete(key);
  }
}
