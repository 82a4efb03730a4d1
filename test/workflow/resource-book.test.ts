import { describe, expect, test } from 'vitest';
import { ResourceBook } from '../../src/workflow/resource-book.ts';

const TICKET = [{ type: 'Desk::Ticket', id: '1' }] as const;
const A = { action: 'a1', session: 'A' };
const B = { action: 'b1', session: 'B' };
const labels = (book: ResourceBook) =>
  book.carriedBy(TICKET).map(({ label, ...by }) => `${label} by ${'fact' in by ? by.fact : by.writtenBy}`);

describe('what a record carries', () => {
  test('is there while the write is under way, because it may have happened already', () => {
    const book = new ResourceBook();
    book.carry(TICKET, ['hr'], A);
    expect(labels(book)).toEqual(['hr by A']);
  });

  test('stays when the write happened', () => {
    const book = new ResourceBook();
    book.carry(TICKET, ['hr'], A);
    book.settle(TICKET, A, true);
    expect(labels(book)).toEqual(['hr by A']);
  });

  test('goes when the write certainly did not happen, and nobody else wrote the same', () => {
    const book = new ResourceBook();
    book.carry(TICKET, ['hr'], A);
    book.carry(TICKET, ['hr', 'pii'], B);
    book.settle(TICKET, A, false);
    expect(labels(book)).toEqual(['hr by B', 'pii by B']);
    book.settle(TICKET, B, false);
    expect(labels(book)).toEqual([]);
  });

  test('that one write left is not taken away by the failure of another', () => {
    const book = new ResourceBook();
    book.carry(TICKET, ['hr'], A);
    book.settle(TICKET, A, true);
    book.carry(TICKET, ['hr'], B);
    book.settle(TICKET, B, false);
    expect(labels(book)).toEqual(['hr by A']);
  });

  test('does not grow with the number of writes', () => {
    const book = new ResourceBook();
    for (let at = 0; at < 100; at++) {
      const write = { action: `w${at}`, session: 'A' };
      book.carry(TICKET, ['hr'], write);
      book.settle(TICKET, write, true);
    }
    expect(labels(book)).toEqual(['hr by A']);
  });
});

describe('what a fact says of a record', () => {
  test('is new once, and stays whatever is written over it', () => {
    const book = new ResourceBook();
    expect(book.observe(TICKET[0], ['pii'], 'deskTags')).toEqual(['pii']);
    expect(book.observe(TICKET[0], ['pii', 'hr'], 'deskTags')).toEqual(['hr']);
    book.carry(TICKET, ['pii'], A);
    book.settle(TICKET, A, true);
    expect(book.observedOf(TICKET[0])).toEqual(['pii', 'hr']);
    expect(labels(book)).toEqual(['pii by deskTags', 'hr by deskTags']);
  });

  test('is no less when the write beside it came to nothing', () => {
    const book = new ResourceBook();
    book.carry(TICKET, ['pii'], A);
    book.observe(TICKET[0], ['pii'], 'deskTags');
    book.settle(TICKET, A, false);
    expect(labels(book)).toEqual(['pii by deskTags']);
  });

  test('is carried by what came from it, of which the fact itself says nothing', () => {
    const book = new ResourceBook();
    book.derive(TICKET, ['pii'], 'deskTags');
    expect(labels(book)).toEqual(['pii by deskTags']);
    expect(book.observedOf(TICKET[0])).toEqual([]);
  });

  test('is the same in a book that is read back', () => {
    const book = new ResourceBook();
    book.observe(TICKET[0], ['pii'], 'deskTags');
    const again = new ResourceBook();
    again.restore(JSON.parse(JSON.stringify(book.state)));
    expect(again.observedOf(TICKET[0])).toEqual(['pii']);
    expect(again.state).toEqual(book.state);
  });
});
