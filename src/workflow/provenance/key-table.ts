/** How full the table may be before it grows: beyond, runs of taken places get long. */
const LOAD = 0.6;
const FIRST_CAPACITY = 1_024;

/** All that a {@link KeyTable} holds: its places in base64, little-endian. */
export interface KeyTableState {
  readonly size: number;
  readonly isFull: boolean;
  readonly low: string;
  readonly high: string;
  readonly marks: string;
}

/**
 * A set of marks by key, in 9 bytes a place: only a seeded 64-bit hash of a key is kept. Past `limit` keys nothing new
 * is taken in, and `isFull` says so.
 */
export class KeyTable {
  readonly #limit: number;
  readonly #seeds: readonly [number, number];
  #low = new Uint32Array(FIRST_CAPACITY);
  #high = new Uint32Array(FIRST_CAPACITY);
  #marks = new Uint8Array(FIRST_CAPACITY);
  #size = 0;
  #isFull = false;

  /** `seed`: unknown to whoever chooses the keys, or they could choose two of one hash. At least 16 hexadecimal digits. */
  constructor(limit: number, seed: string) {
    this.#limit = limit;
    this.#seeds = [Number.parseInt(seed.slice(0, 8), 16) >>> 0, Number.parseInt(seed.slice(8, 16), 16) >>> 0];
  }

  get size(): number {
    return this.#size;
  }

  /** A key could not be taken in. */
  get isFull(): boolean {
    return this.#isFull;
  }

  get bytes(): number {
    return this.#marks.length * 9;
  }

  /** The marks of a key; 0 for one that is not there. */
  get(key: string): number {
    return this.#marks[this.#place(hash(key, this.#seeds[0]), hash(key, this.#seeds[1]))] ?? 0;
  }

  add(key: string, mark: number): void {
    const [low, high] = [hash(key, this.#seeds[0]), hash(key, this.#seeds[1])];
    let at = this.#place(low, high);
    if (this.#marks[at] === 0) {
      if (this.#size >= this.#limit) {
        this.#isFull = true;
        return;
      }
      if (this.#size + 1 > this.#marks.length * LOAD) {
        this.#grow();
        at = this.#place(low, high);
      }
      this.#size += 1;
      this.#low[at] = low;
      this.#high[at] = high;
    }
    this.#marks[at] = (this.#marks[at] ?? 0) | mark;
  }

  /** Undefined where nothing was ever added. */
  get state(): KeyTableState | undefined {
    if (this.#size === 0 && !this.#isFull) return undefined;
    const [low, high, marks] = [base64Of(this.#low), base64Of(this.#high), base64Of(this.#marks)];
    return { size: this.#size, isFull: this.#isFull, low, high, marks };
  }

  /** Into one of the same seed, to which nothing was added. */
  restore({ size, isFull, low, high, marks }: KeyTableState): void {
    this.#size = size;
    this.#isFull = isFull;
    this.#low = new Uint32Array(bytesOf(low));
    this.#high = new Uint32Array(bytesOf(high));
    this.#marks = new Uint8Array(bytesOf(marks));
  }

  #place(low: number, high: number): number {
    const last = this.#marks.length - 1;
    let at = low & last;
    while (this.#marks[at] !== 0 && (this.#low[at] !== low || this.#high[at] !== high)) at = (at + 1) & last;
    return at;
  }

  #grow(): void {
    const [low, high, marks] = [this.#low, this.#high, this.#marks];
    this.#low = new Uint32Array(marks.length * 2);
    this.#high = new Uint32Array(marks.length * 2);
    this.#marks = new Uint8Array(marks.length * 2);
    marks.forEach((mark, from) => {
      if (mark === 0) return;
      const at = this.#place(low[from] ?? 0, high[from] ?? 0);
      this.#low[at] = low[from] ?? 0;
      this.#high[at] = high[from] ?? 0;
      this.#marks[at] = mark;
    });
  }
}

function base64Of(array: Uint8Array | Uint32Array): string {
  return Buffer.from(array.buffer).toString('base64');
}

/** In memory of its own, where words begin. */
function bytesOf(base64: string): ArrayBuffer {
  const bytes = Buffer.from(base64, 'base64');
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer; // Node's are never shared
}

/** MurmurHash3 (x86, 32 bit) over UTF-16 code units, two a block. */
function hash(text: string, seed: number): number {
  let state = seed;
  for (let at = 0; at < text.length; at += 2) {
    let block = text.charCodeAt(at) | (at + 1 < text.length ? text.charCodeAt(at + 1) << 16 : 0);
    block = Math.imul(block, 0xcc9e2d51);
    block = (block << 15) | (block >>> 17);
    state ^= Math.imul(block, 0x1b873593);
    state = (state << 13) | (state >>> 19);
    state = (Math.imul(state, 5) + 0xe6546b64) | 0;
  }
  state ^= text.length;
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}
