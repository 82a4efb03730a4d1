import { describe, expect, test } from 'vitest';
import { ResourceBook } from '../../src/workflow/resource-book.ts';

const TICKET = [{ type: 'Desk::Ticket', id: '1' }] as const;
const A = { action: 'a1', session: 'A' };
const B = { action: 'b1', session: 'B' };
const labels = (book: ResourceBook) => book.carriedBy(TICKET).map(({ label, writtenBy }) => `${label} by ${writtenBy}`);

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
