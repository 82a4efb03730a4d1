import type { ArgumentRole } from '../../action/provenance.ts';
import { calendarDates } from './calendar-dates.ts';
import { plainForm } from './fold-text.ts';
import type { Leaf } from './leaves-of.ts';
import { shapeOf } from './text-shape.ts';
import { ACCOUNT_DIGITS, digitCount, hostOf } from './value-forms.ts';

const BANK_ACCOUNT = /^[a-z]{2}\d{2}[a-z0-9]{10,30}$/;
const TELEPHONE = /^\+\d[\d\s().-]{6,}$/;
const DATE_CHARACTERS = 32;

/**
 * What an argument decides, where nobody has declared it: an address is a destination, whatever the argument is called.
 * `isKnown`: the value stands in a field of a record, so it names something that exists.
 */
export function roleByShape({ text, isNumber }: Leaf, isKnown: () => boolean): ArgumentRole {
  if (isNumber) return Number.isInteger(Number(text)) && isKnown() ? 'target' : 'amount';
  const plain = plainForm(text.trim());
  if (isAddress(plain)) return 'destination';
  if (plain.length <= DATE_CHARACTERS && calendarDates(plain).length > 0) return 'date';
  const shape = shapeOf(text);
  if (shape === 'atom') return 'target';
  return shape === 'phrase' && isKnown() ? 'target' : 'content';
}

/** Something that anybody can have, and that data or money can be sent to. */
export function isAddress(plain: string): boolean {
  if (/\s/.test(plain) && digitCount(plain) < ACCOUNT_DIGITS) return false;
  return hostOf(plain) !== undefined || TELEPHONE.test(plain) || BANK_ACCOUNT.test(plain.replaceAll(/[\s-]/g, ''));
}
