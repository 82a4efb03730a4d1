import { createHash } from 'node:crypto';
import type { IdSource } from '../../src/lib/ids.ts';

/** Ids that depend on the step under way and nothing else, so that logs of several modes are the same to the byte. */
export interface StepIds extends IdSource {
  begin(step: string): void;
}

const ID_CHARACTERS = 22;

export function stepIds(): StepIds {
  let step = '';
  let drawn = 0;
  const made = (...of: readonly (string | number)[]) => createHash('sha256').update(of.join('\n')).digest('base64url');
  return {
    begin(next) {
      step = next;
      drawn = 0;
    },
    id(prefix) {
      // An attempt to append draws its salts last. Where another gateway was first, the next attempt counts anew.
      if (prefix === 's') drawn = 0;
      else drawn += 1;
      return `${prefix}_${made(step, prefix, drawn).slice(0, ID_CHARACTERS)}`;
    },
    secret: () => made(step, 'secret'),
  };
}
