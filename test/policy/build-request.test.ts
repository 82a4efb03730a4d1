import { describe, expect, test } from 'vitest';
import { EntityRef, type PolicyRecord } from '../../src/action/policy-port.ts';
import { question, workflow } from './question.ts';

const HISTORY =
  '[{ operation: desk.ticket.get, labels: [hr], times: 3 }, { operation: mail.message.send, agent: other, labels: [vip] }]';

describe('buildPolicyRequest', () => {
  test('hands over what the workflow has done by reference, however long it is', () => {
    const view = workflow(HISTORY);
    const { context } = question('desk.ticket.get', { view });
    const seen = (context['workflow'] ?? {}) as PolicyRecord; // what build-request puts there
    for (const part of ['did', 'deniedOperations', 'systems', 'labels', 'counts'] as const)
      expect(seen[part]).toBe(view.activity[part]);
    expect(context['limits']).toBe(view.limits);
  });

  test('describes principal, resource and user, and nothing else', () => {
    const request = question('desk.ticket.get', {
      view: workflow(HISTORY),
      resources: [{ type: 'Desk::Ticket', id: '7', attributes: { owner: 'ada' }, labels: ['pii'] }],
    });
    const names = (refs: readonly EntityRef[] = []) => refs.map(({ type, id }) => `${type}::${id}`);
    expect(names(request.entity(request.principal)?.parents)).toEqual(['AgentId::agent', 'Label::hr']);
    expect(names(request.entity(request.resource)?.parents)).toEqual(['System::desk', 'Label::pii']);
    expect(request.entity(request.resource)?.attributes).toEqual({ owner: 'ada' });
    expect(request.entity(new EntityRef('Desk::Ticket', '8'))).toBeUndefined();
    expect(request.entity(new EntityRef('Agent', 'other'))).toBeUndefined();
  });

  test('lists entities that are closed under parents', () => {
    const entities = [...question('desk.ticket.get', { view: workflow(HISTORY) }).entities()];
    const known = new Set(entities.map(([ref]) => `${ref.type}::${ref.id}`));
    for (const [, { parents }] of entities)
      for (const parent of parents) expect(known).toContain(`${parent.type}::${parent.id}`);
  });

  test('asks nothing for a session that the workflow does not know', () => {
    const principal = {
      tenant: 'tenant',
      workflow: 'workflow',
      session: 'stranger',
      agent: 'agent',
      onBehalfOf: 'user',
    };
    expect(() => question('desk.ticket.get', { principal })).toThrowError(
      expect.objectContaining({ code: 'INTERNAL' }),
    );
  });
});
