import { createHash } from 'node:crypto';
import { seededRandom } from '../../src/connector/index.ts';

/** Choices that a name decides: the same name, the same choices. */
export class Seeded {
  readonly #next: () => number;

  constructor(name: string) {
    this.#next = seededRandom(createHash('sha256').update(name).digest().readUInt32LE());
  }

  is(share: number): boolean {
    return this.#next() < share;
  }

  below(limit: number): number {
    return Math.floor(this.#next() * limit);
  }

  of<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.below(choices.length)] ?? choices[0];
  }

  shuffled<T>(items: readonly T[]): readonly T[] {
    const keyed = items.map((item) => ({ item, key: this.#next() }));
    return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
  }
}
