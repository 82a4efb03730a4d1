import type { ArgumentRole } from '../../action/provenance.ts';
import { calendarDates } from './calendar-dates.ts';
import { plainForm } from './fold-text.ts';
import type { Leaf } from './leaves-of.ts';
import { chunksOf } from './text-keys.ts';
import { shapeOf } from './text-shape.ts';
import { hostOf } from './value-forms.ts';

const BANK_ACCOUNT = /^[a-z]{2}\d{2}[a-z0-9]{10,30}$/;
const TELEPHONE = /^\+\d[\d\s().-]{6,}$/;
/** As mail programs write somebody's address. */
const NAMED_ADDRESS = /^[^<>]*<[^<>\s]+@[^<>\s]+>$/;
const DATE_CHARACTERS = 32;

/**
 * What an argument decides, where nobody has declared it: an address is a destination, whatever the argument is called;
 * of a read, only one that is asked itself. `isKnown`: the value stands in a field of a record, so it names something
 * that exists.
 */
export function roleByShape({ text, isNumber }: Leaf, kind: string, isKnown: () => boolean): ArgumentRole {
  if (isNumber) return Number.isInteger(Number(text)) && isKnown() ? 'target' : 'amount';
  const plain = plainForm(text.trim());
  if (kind === 'read') return isSite(plain) ? 'destination' : 'target';
  if (areAddresses(plain)) return 'destination';
  if (plain.length <= DATE_CHARACTERS && calendarDates(plain).length > 0) return 'date';
  const shape = shapeOf(text);
  return shape === 'atom' || (shape === 'phrase' && isKnown()) ? 'target' : 'content';
}

function areAddresses(plain: string): boolean {
  if (NAMED_ADDRESS.test(plain) || isAddress(plain)) return true;
  const chunks = chunksOf(plain);
  return chunks.length > 0 && chunks.every(({ text }) => isAddress(text));
}

/** Something that anybody can have, and that data or money can be sent to. */
export function isAddress(plain: string): boolean {
  const isOne = !/\s/.test(plain) && hostOf(plain) !== undefined;
  return isOne || TELEPHONE.test(plain) || BANK_ACCOUNT.test(plain.replaceAll(/[\s-]/g, ''));
}

function isSite(plain: string): boolean {
  return !/[\s@]/.test(plain) && hostOf(plain) !== undefined;
}
