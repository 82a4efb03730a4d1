import { describe, expect, test } from 'vitest';
import type { PolicyEvaluation, PolicyRequest } from '../../src/action/policy-port.ts';
import type { ResourceRef } from '../../src/action/resource.ts';
import { evaluateAction } from '../../src/policy/evaluate-action.ts';
import { questionOf } from './question.ts';

const RED: ResourceRef = { type: 'Desk::Ticket', id: 'red', labels: ['hr'] };
const BLUE: ResourceRef = { type: 'Desk::Ticket', id: 'blue' };

/** Permits blue, forbids what is labelled, and fails on green. */
function judge({ resource, entity }: PolicyRequest): PolicyEvaluation {
  const labelled = entity(resource)?.parents.some(({ type, id }) => type === 'Label' && id === 'hr') === true;
  return {
    permits: resource.id === 'blue' ? ['may-blue'] : [],
    forbids: labelled ? ['no-hr'] : [],
    errors: resource.id === 'green' ? [{ policy: 'odd', message: 'green' }] : [],
  };
}

const word = (...resources: readonly [ResourceRef, ...ResourceRef[]]) =>
  evaluateAction(questionOf('desk.ticket.get', { resources }), judge);

describe('an action with several resources', () => {
  test('is forbidden by what forbids any of them', () => {
    expect(word(BLUE, RED)).toEqual({ permits: ['may-blue'], forbids: ['no-hr'], errors: [] });
    expect(word(BLUE)).toEqual({ permits: ['may-blue'], forbids: [], errors: [] });
  });

  test('is permitted for its first only: another’s permit is no permit for it', () => {
    expect(word(RED, BLUE).permits).toEqual([]);
  });

  test('fails where a policy fails for any of them', () => {
    expect(word(BLUE, { type: 'Desk::Ticket', id: 'green' }).errors).toEqual([{ policy: 'odd', message: 'green' }]);
  });
});
