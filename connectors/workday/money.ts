import { z } from 'zod';

/** Digits after the decimal point of each active currency (ISO 4217:2015, list one). Any other code is refused. */
const CODES_BY_DIGITS: Readonly<Record<0 | 2 | 3 | 4, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF',
  2: `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC
    CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES
    KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR
    NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT
    TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG`,
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};

const DIGITS: ReadonlyMap<string, number> = new Map(
  Object.entries(CODES_BY_DIGITS).flatMap(([digits, codes]) =>
    codes.split(/\s+/).map((code) => [code, Number(digits)] as const),
  ),
);

/** Sums of a hundred of these are still exact. */
const MOST_MINOR_UNITS = 1_000_000_000_000;

export const currencyCode = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .refine((code) => DIGITS.has(code), 'not an active ISO 4217 currency');

/** An amount that is paid: in the currency's smallest unit (cents), never a fraction, never nothing. */
export const minorUnits = z.int().min(1).max(MOST_MINOR_UNITS);

export const money = z.strictObject({ minorUnits, currency: currencyCode });
export type Money = z.output<typeof money>;

/** `250000` in USD as Workday writes it: `2500.00`. */
export function decimalOf({ minorUnits: units, currency }: Money): string {
  const digits = DIGITS.get(currency) ?? 0;
  const text = String(Math.abs(units)).padStart(digits + 1, '0');
  const point = text.length - digits;
  return `${units < 0 ? '-' : ''}${text.slice(0, point)}${digits === 0 ? '' : `.${text.slice(point)}`}`;
}

/** The reverse; undefined for what is no exact amount of this currency. */
export function minorUnitsOf(value: string, currency: string): number | undefined {
  const digits = DIGITS.get(currency);
  const [, sign = '', whole = '', fraction = ''] = /^(-?)([0-9]+)(?:\.([0-9]+))?$/.exec(value) ?? [];
  if (digits === undefined || whole === '' || /[1-9]/.test(fraction.slice(digits))) return undefined;
  const units = Number(`${sign}${whole}${fraction.slice(0, digits).padEnd(digits, '0')}`);
  return Number.isSafeInteger(units) ? units : undefined;
}

/** A currency in a request body. The reference type `Currency_ID` is from memory; the form is [spec]. */
export function currencyReference(currency: string): { readonly id: string } {
  return { id: `Currency_ID=${currency}` };
}
