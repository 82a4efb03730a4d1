import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const BLOCK = 512;
const REGULAR = new Set(['0', '\0']);

/** The texts of a `.tar.gz` by path, which is all that we need of POSIX ustar; refuses what has long names (pax, GNU). */
export function readTar(file: string): ReadonlyMap<string, string> {
  const bytes = gunzipSync(readFileSync(file));
  const field = (at: number, length: number) => bytes.toString('utf8', at, at + length).replace(/\0.*$/s, '');
  const files = new Map<string, string>();
  for (let at = 0; at < bytes.length && bytes[at] !== 0; ) {
    const name = field(at, 100);
    const size = Number.parseInt(field(at + 124, 12), 8);
    const type = bytes.toString('latin1', at + 156, at + 157);
    const prefix = field(at + 345, 155);
    const path = (prefix === '' ? name : `${prefix}/${name}`).replace(/^\.\//, '');
    if (type === 'x' || type === 'L') throw new Error(`${file}: ${path} has a name that this reader does not read`);
    if (REGULAR.has(type)) files.set(path, bytes.toString('utf8', at + BLOCK, at + BLOCK + size));
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}
