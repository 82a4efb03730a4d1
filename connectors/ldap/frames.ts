/** What every message begins with (RFC 4511 §4.1.1): the tag of a sequence. */
const SEQUENCE = 0x30;

/** Whole messages at the beginning of what came, and what is left: the beginning of the next one. */
export interface Frames {
  readonly frames: readonly Buffer[];
  readonly rest: Buffer;
  /** What is left is the beginning of no message. */
  readonly isBroken: boolean;
}

export function takeFrames(bytes: Buffer): Frames {
  const frames: Buffer[] = [];
  let rest = bytes;
  for (let size = sizeOf(rest); size !== undefined && rest.length >= size; size = sizeOf(rest)) {
    frames.push(rest.subarray(0, size));
    rest = rest.subarray(size);
  }
  return { frames, rest, isBroken: rest.length > 0 && rest[0] !== SEQUENCE };
}

/** Of a message with its header; undefined where that is not whole, or none. */
function sizeOf(bytes: Buffer): number | undefined {
  const [tag, first] = bytes;
  if (tag !== SEQUENCE || first === undefined) return undefined;
  if (first < 0x80) return 2 + first;
  const digits = first - 0x80;
  if (digits === 0 || digits > 4 || bytes.length < 2 + digits) return undefined;
  return 2 + digits + bytes.readUIntBE(2, digits);
}
