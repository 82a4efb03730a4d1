import { describe, expect, test } from 'vitest';
import { asksFor, namesObject, readOrder } from '../../../src/workflow/provenance/read-order.ts';

const asks = (order: string, kind: string, operation: string) => asksFor(readOrder(order), kind, operation.split('.'));

describe('an order asks for an act', () => {
  test.for([
    ['Please pay the bill.', 'spend', 'bank.money.send'],
    ['Refund my friend.', 'spend', 'bank.money.send'],
    ['Send Ann the report.', 'communicate', 'mail.message.send'],
    ['Find and delete the largest file.', 'delete', 'files.file.delete'],
    ['Email Ann the notes.', 'communicate', 'mail.message.send'],
    ['Summarise it, and then message Bob.', 'communicate', 'chat.message.send'],
    ['Let everybody in the team know.', 'communicate', 'chat.message.send'],
    ['1. Book a table.', 'create', 'table.reservation.make'],
    ['Deploy it.', 'execute', 'ci.pipeline.deploy'],
    ['Onboard Fred.', 'create', 'people.account.onboard'],
    ['Could you share it with Bob?', 'privilege', 'files.file.share'],
  ] as const)('%s (%s)', ([order, kind, operation]) => {
    expect(asks(order, kind, operation)).toBe(true);
  });

  test.for([
    ['What is in the email?', 'communicate', 'mail.message.send'],
    ['Tell me how many messages I have.', 'communicate', 'mail.message.send'],
    ['Give me their mail addresses.', 'communicate', 'mail.message.send'],
    ['Which channel has the most users?', 'communicate', 'chat.channel-message.send'],
    ['When is the next update of the report?', 'update', 'files.file.update'],
    ['Let me see my order.', 'spend', 'shop.order.place'],
    ['Which file is the largest?', 'delete', 'files.file.delete'],
    ['', 'delete', 'files.file.delete'],
  ] as const)('%s: nothing of the kind (%s)', ([order, kind, operation]) => {
    expect(asks(order, kind, operation)).toBe(false);
  });
});

test('an order names a kind of thing by any form of its name', () => {
  const named = (order: string, operation: string) => namesObject(readOrder(order), operation.split('.'));
  expect(named('Update my account information.', 'bank.user-info.update')).toBe(false);
  expect(named('Update my account information.', 'bank.info.update')).toBe(true);
  expect(named('Change both passwords.', 'bank.password.update')).toBe(true);
  expect(named('Adjust my rent.', 'bank.password.update')).toBe(false);
});

test('an order can hand over to a text, and can ask for links', () => {
  expect(readOrder('Do the actions in the mail from Ann.').delegates).toBe(true);
  expect(readOrder('Read it and update my address accordingly.').delegates).toBe(true);
  expect(readOrder('Do you know where the mail from Ann is?').delegates).toBe(false);
  expect(readOrder('Send Bob the link to the page.').passesLinks).toBe(true);
  expect(readOrder('Send Bob a summary of the article.').passesLinks).toBe(false);
});
