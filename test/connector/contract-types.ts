import { z } from 'zod';
import { writeOperation } from '../../src/connector/contract.ts';

// Checked by `npm run types`: each line below an expectation must not type-check, or the expectation itself is an error.

const whole = {
  name: 'crm.account.delete',
  description: 'Deletes an account.',
  input: z.strictObject({ id: z.string() }),
  output: z.object({}),
  resourceTypes: ['Crm::Account'],
  resources: () => [{ type: 'Crm::Account', id: '1' }],
  effect: () => ({ kind: 'delete', reversible: 'no', external: false, privileged: false, count: 1 }),
  effectKinds: ['delete'],
  repeat: { class: 'at-most-once', evidence: { mark: 'doc', source: 'here' } },
  undo: { none: 'gone is gone' },
  execute: async () => ({ status: 'succeeded', result: {} }),
  evidence: [],
} as const satisfies Parameters<typeof writeOperation>[0];

writeOperation(whole);

const { effect: _effect, ...withoutEffect } = whole;
// @ts-expect-error a mutating operation has an effect
writeOperation(withoutEffect);

const { repeat: _repeat, ...withoutRepeat } = whole;
// @ts-expect-error a mutating operation says what happens when it is repeated
writeOperation(withoutRepeat);

const { undo: _undo, ...withoutUndo } = whole;
// @ts-expect-error a mutating operation names its undo, or why there is none
writeOperation(withoutUndo);

const { effectKinds: _kinds, ...withoutKinds } = whole;
// @ts-expect-error a mutating operation lists the kinds that its effect can have
writeOperation(withoutKinds);

// @ts-expect-error only what reads may be repeated as read-only
writeOperation({ ...whole, repeat: { class: 'read-only' } });

// @ts-expect-error idempotency is a claim with evidence
writeOperation({ ...whole, repeat: { class: 'naturally-idempotent' } });
