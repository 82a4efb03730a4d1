import type { JsonObject } from '../../lib/json.ts';

/** Pieces on their way from the connector to one client; bounded by what one response may have. */
export class PieceQueue implements AsyncIterable<JsonObject> {
  readonly #waiting: JsonObject[] = [];
  #ended = false;
  #changed = Promise.withResolvers<void>();

  add(piece: JsonObject): void {
    this.#waiting.push(piece);
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Whether there is a piece, once there is one or the end. */
  async begins(): Promise<boolean> {
    while (this.#waiting.length === 0 && !this.#ended) await this.#changed.promise;
    return this.#waiting.length > 0;
  }

  async *[Symbol.asyncIterator](): AsyncIterator<JsonObject> {
    while (await this.begins()) {
      const piece = this.#waiting.shift();
      if (piece !== undefined) yield piece;
    }
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}
