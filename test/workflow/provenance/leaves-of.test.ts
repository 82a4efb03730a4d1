import { expect, test } from 'vitest';
import { declaredFor, leavesOf, pathBelow } from '../../../src/workflow/provenance/leaves-of.ts';

test('every string and number has a path', () => {
  expect([...leavesOf({ to: ['a', 'b'], more: { at: 1, no: null, yes: true } })]).toEqual([
    { path: 'to[*]', text: 'a', isNumber: false },
    { path: 'to[*]', text: 'b', isNumber: false },
    { path: 'more.at', text: '1', isNumber: true },
  ]);
});

test.for([
  ['[*].subject', '[*].subject', 'a path'],
  ['subject', 'content[*].text[*].subject', 'a name, wherever it stands'],
  ['to', 'to[*]', 'a list, for each of its elements'],
  ['to[*]', 'to', 'an element, for a list that is written as one'],
  ['attachments[*]', 'attachments[*].name', 'a path above'],
  ['subject', '[*].subject_line', undefined],
  ['to', 'auto', undefined],
] as const)('%s declared, %s: %s', ([declared, path, found]) => {
  expect(declaredFor({ [declared]: 'it' }, path)).toBe(found === undefined ? undefined : 'it');
});

test('whoever fills a field does not choose what its inside is declared as', () => {
  expect(declaredFor({ body: 'others', id: 'system' }, 'mails[*].body.id')).toBe('others');
  expect(pathBelow('notes', 'my.id')).toBe('notes.*');
});
