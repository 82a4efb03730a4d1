const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH = `(${MONTHS.join('|')})[a-z]*\\.?`;
const DAY = '(\\d{1,2})(?:st|nd|rd|th)?';

const YEAR_FIRST = /\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/g;
const YEAR_LAST = /\b(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\b/g;
const MONTH_DAY = new RegExp(`\\b${MONTH}\\s+${DAY}\\b(?:,?\\s+(\\d{4}))?`, 'g');
const DAY_MONTH = new RegExp(`\\b${DAY}\\s+(?:of\\s+)?${MONTH}(?:,?\\s+(\\d{4}))?\\b`, 'g');

/**
 * The days that a text in lower case names, as `YYYY-MM-DD` where the year is said, and always as `MM-DD`. Where two
 * readings are usual (03/04/2024), both.
 */
export function calendarDates(text: string): readonly string[] {
  if (!/\d/.test(text)) return [];
  const found: string[] = [];
  const note = (year: string | undefined, month: number, day: number): void => {
    if (month < 1 || month > 12 || day < 1 || day > 31) return;
    const monthDay = `${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
    if (year !== undefined) found.push(`${year}-${monthDay}`);
    found.push(monthDay);
  };
  for (const [, year, month, day] of text.matchAll(YEAR_FIRST)) note(year, Number(month), Number(day));
  for (const [, month = '', day, year] of text.matchAll(MONTH_DAY)) note(year, MONTHS.indexOf(month) + 1, Number(day));
  for (const [, day, month = '', year] of text.matchAll(DAY_MONTH)) note(year, MONTHS.indexOf(month) + 1, Number(day));
  for (const [, first, second, year] of text.matchAll(YEAR_LAST)) {
    note(year, Number(second), Number(first));
    note(year, Number(first), Number(second));
  }
  return found;
}
