import { describe, expect, test } from 'vitest';
import { findClasses } from '../../../src/enrich/classify/find-classes.ts';
import { HOLDING, HOLDING_NONE, HOLDING_UNSEEN } from './corpus.ts';

type Found = keyof typeof HOLDING;

/** What is found, of how many, in texts that the rules were tuned to and in others; docs/facts.md has the same figures. */
const RECALL: Readonly<Record<Found, readonly [tuned: string, unseen: string]>> = {
  'email-address': ['7 of 8', '5 of 6'],
  'phone-number': ['8 of 8', '5 of 6'],
  'credit-card': ['8 of 8', '6 of 6'],
  iban: ['8 of 8', '5 of 6'],
  credential: ['7 of 8', '4 of 6'],
  'private-key': ['4 of 4', '2 of 3'],
};
const FALSE_ALARMS = '1 of 33';

async function foundOf(name: Found, texts: readonly string[]): Promise<string> {
  const answers = await Promise.all(texts.map(findClasses));
  const missed = texts.filter((_, index) => answers[index]?.includes(name) !== true);
  const said = `${texts.length - missed.length} of ${texts.length}`;
  console.log(`${name}: ${said}${missed.length === 0 ? '' : `, not ${JSON.stringify(missed)}`}`);
  return said;
}

describe('what text is found to hold', () => {
  test.each(Object.keys(HOLDING) as Found[])('%s: as often as the documentation says', async (name) => {
    expect([await foundOf(name, HOLDING[name]), await foundOf(name, HOLDING_UNSEEN[name])]).toEqual(RECALL[name]);
  });

  test('where there is nothing, as seldom as the documentation says', async () => {
    const answers = await Promise.all(HOLDING_NONE.map(findClasses));
    const found = HOLDING_NONE.flatMap((text, index) => (answers[index]?.length === 0 ? [] : [[text, answers[index]]]));
    console.log(`false alarms: ${found.length} of ${HOLDING_NONE.length}, ${JSON.stringify(found)}`);
    expect(`${found.length} of ${HOLDING_NONE.length}`).toBe(FALSE_ALARMS);
  });

  test('a number of JSON is found as well as one in a text, and a check digit that is wrong is not', async () => {
    expect(await findClasses('pan: 4111111111111111')).toEqual(['credit-card']);
    expect(await findClasses('pan: 4111111111111112')).toEqual([]);
    expect(await findClasses('GB82 WEST 1234 5698 7654 32')).toEqual(['iban']);
    expect(await findClasses('GB82 WEST 1234 5698 7654 33')).toEqual([]);
  });
});

test('what stands at the end of much else, or across two pieces of it, is found', async () => {
  for (const length of [8_180, 8_190, 100_000])
    expect(await findClasses(`${'a bc '.repeat(length / 5)}ada@example.com`)).toEqual(['email-address']);
});
