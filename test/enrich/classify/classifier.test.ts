import { afterEach, describe, expect, test } from 'vitest';
import { Classifier } from '../../../src/enrich/classify/classifier.ts';
import { textOf } from '../../../src/enrich/classify/text-of.ts';
import { BOUNDS } from '../../../src/lib/bounds.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { testClock } from '../../support/test-clock.ts';

const open = new Set<Classifier>();

function classifier(clock = systemClock): Classifier {
  const made = new Classifier({ clock, timeoutMs: 20_000 });
  open.add(made);
  return made;
}

afterEach(async () => {
  for (const each of open) await each.close();
  open.clear();
});

const most = BOUNDS.classifyCharacters;
const filled = (piece: string): string => piece.repeat(Math.ceil(most / piece.length)).slice(0, most);

describe('a classifier', () => {
  test('says what is in one text after the other', async () => {
    const one = classifier();
    const answers = await Promise.all(
      ['mail ada@example.com', 'nothing', 'pan: 4111111111111111'].map((text) => one.classesOf(text)),
    );
    expect(answers).toEqual([['email-address'], [], ['credit-card']]);
  });

  test('holds what is too long for one that may hold anything', async () => {
    expect(await classifier().classesOf('x'.repeat(most + 1))).toEqual(['unread']);
  });

  test('gives up a text that takes too long, and looks through the next in another thread', async () => {
    const clock = testClock();
    const one = classifier(clock);
    const first = one.classesOf('mail ada@example.com');
    clock.advance(20_000 + BOUNDS.classifyStartMs);
    expect(await first).toEqual(['unread']);
    expect(await one.classesOf('mail ada@example.com')).toEqual(['email-address']);
  });

  test('takes no more than may wait', async () => {
    const one = classifier();
    const answers = Array.from({ length: BOUNDS.classifyQueue + 2 }, () => one.classesOf('nothing'));
    expect(await answers.at(-1)).toEqual(['unread']);
    await one.close();
    expect(await answers.at(-2)).toEqual(['unread']);
  });

  test('that is closed answers everybody, and starts nothing more', async () => {
    const one = classifier();
    const waiting = ['a', 'b', 'c'].map((text) => one.classesOf(text));
    await one.close();
    for (const answer of waiting) expect(await answer).toEqual(['unread']);
    expect(await one.classesOf('d')).toEqual(['unread']);
  });

  test.each([
    'a',
    'a@',
    '4',
    '4 ',
    '+1 (',
    'ghp_',
    '-----BEGIN ',
    '-----BEGIN A PRIVATE KEY',
    'postgres://',
    'eyJ.',
    'aa11aa ',
    'aa11a',
    'AKIA',
    '\u0000',
    'é',
    '<>',
  ])('reads all that fits of %j, again and again, in its time', async (piece) => {
    expect(await classifier().classesOf(filled(piece))).not.toContain('unread');
  });
});

describe('the text of a value', () => {
  test('is a line for each, after its name', () => {
    const value = { pan: 4_111, list: ['a', { b: 'c' }], none: null, flag: true };
    expect(textOf(value, 100)).toBe('pan: 4111\nlist: a\nb: c');
    expect(textOf('word', 100)).toBe('word');
  });

  test('is not there past its bound', () => {
    expect(textOf(['12345', '12345'], 12)).toBe('12345\n12345');
    expect(textOf(['12345', '12345'], 11)).toBeUndefined();
  });
});
