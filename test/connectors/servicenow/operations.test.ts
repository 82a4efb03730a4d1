import { describe, expect, it } from 'vitest';
import { ids, SAMPLES } from '../../../connectors/servicenow/samples.ts';
import { createIncident, openInstance, resultOf } from './instance.ts';

const title = (sample: { readonly operation: string }) => sample.operation;

describe('every operation', () => {
  it.each(SAMPLES.filter(({ effects }) => effects.length > 0).map((sample) => [title(sample), sample] as const))(
    '%s marks its write with its action',
    async (_, sample) => {
      const instance = await openInstance();
      for (const { operation, input } of sample.after ?? []) await instance.run(operation, input, 'act-41');
      resultOf(await instance.run(sample.operation, sample.input, 'act-42'));
      expect(instance.simulator.audit().at(-1)?.correlation).toBe('act-42');
    },
  );
});

describe('undo', () => {
  it('gives an incident its former values again', async () => {
    const instance = await openInstance();
    const definition = instance.operation('servicenow.incident.update');
    if (definition.kind === 'read' || typeof definition.undo !== 'function') throw new Error('expected an undo');
    const before = resultOf(await instance.run('servicenow.incident.get', { sys_id: ids.incident }));
    const input = { sys_id: ids.incident, state: '3', urgency: '1', assigned_to: ids.bruno };
    const undo = definition.undo(input, resultOf(await instance.run('servicenow.incident.update', input)));
    resultOf(await instance.run(undo?.operation ?? '', undo?.input ?? {}));
    expect(resultOf(await instance.run('servicenow.incident.get', { sys_id: ids.incident }))).toEqual(before);
  });

  it.each([
    ['lock', 'unlock', { locked_out: true }, { locked_out: false }],
    ['deactivate', 'activate', { active: false }, { active: true }],
  ])('of %s is %s, and the user is as before', async (verb, inverse, during, after) => {
    const instance = await openInstance();
    const user = { sys_id: ids.dina };
    const read = async () => resultOf(await instance.run('servicenow.user.get', user));
    const undoOf = (name: string) => {
      const definition = instance.operation(`servicenow.user.${name}`);
      return definition.kind === 'write' && typeof definition.undo === 'function'
        ? definition.undo(user, {})
        : undefined;
    };
    expect(undoOf(verb)?.operation).toBe(`servicenow.user.${inverse}`);
    expect(undoOf(inverse)?.operation).toBe(`servicenow.user.${verb}`);
    await instance.run(`servicenow.user.${verb}`, user);
    expect(await read()).toMatchObject(during);
    await instance.run(`servicenow.user.${inverse}`, user);
    expect(await read()).toMatchObject(after);
  });

  it('never hands back the text that an update replaced', async () => {
    const instance = await openInstance();
    const result = await instance.run('servicenow.incident.update', { sys_id: ids.hrIncident, description: 'New' });
    expect(resultOf(result)).toEqual({ sys_id: ids.hrIncident, number: 'INC0010003' });
  });
});

describe('labels', () => {
  const labelsOf = async (sysId: string) => {
    const instance = await openInstance();
    const definition = instance.operation('servicenow.incident.get');
    const result = resultOf(await instance.run('servicenow.incident.get', { sys_id: sysId }));
    return [
      ...(definition.labels?.({ sys_id: sysId }) ?? []),
      ...(definition.resultLabels?.(result, { sys_id: sysId }) ?? []),
    ];
  };

  it('calls every incident untrusted, and one of the HR desk hr as well', async () => {
    expect(await labelsOf(ids.incident)).toEqual(['untrusted']);
    expect(await labelsOf(ids.hrIncident)).toEqual(['untrusted', 'hr']);
  });

  it('finds HR tickets and marked ones in a list', async () => {
    const instance = await openInstance();
    await instance.run('servicenow.record.create', {
      table: 'incident',
      fields: { short_description: 'Leak', u_confidential: 'true' },
    });
    const definition = instance.operation('servicenow.incident.search');
    const result = resultOf(await instance.run('servicenow.incident.search', { where: [] }));
    expect([...(definition.resultLabels?.(result, {}) ?? [])].sort()).toEqual(['confidential', 'hr']);
  });

  it('declares every label that a table can have, and the worst for a table that nobody knows', async () => {
    const { operation, registry } = await openInstance();
    const labels = (table: string) => operation('servicenow.record.get').labels?.({ table });
    expect(labels('sys_user')).toEqual(['pii']);
    expect(labels('u_salaries')).toEqual(registry.catalog.labels);
  });
});

describe('what is read', () => {
  it('has flags, references with names, journals, and no column that was not asked for', async () => {
    const instance = await openInstance();
    const sysId = await createIncident(instance, { work_notes: 'Called back.', assignment_group: ids.desk });
    const result = resultOf(await instance.run('servicenow.incident.get', { sys_id: sysId }));
    expect(result).toMatchObject({ active: true, assignment_group: { sys_id: ids.desk, name: 'Service Desk' } });
    expect(result['work_notes']).toContain('Called back.');
    expect(result).not.toHaveProperty('correlation_id');
    expect(result).not.toHaveProperty('comments');
  });

  it('never is a column that holds a secret', async () => {
    const { operation } = await openInstance();
    const { input } = operation('servicenow.record.get');
    const of = (field: string) => input.safeParse({ table: 'sys_user', sys_id: ids.dina, fields: [field] }).success;
    expect(of('email')).toBe(true);
    expect(['user_password', 'client_secret', 'access_token', 'u_private_key'].some(of)).toBe(false);
  });
});

describe('what only looks like success', () => {
  it('a role that is inherited from a group is not revoked', async () => {
    const instance = await openInstance();
    const result = await instance.run('servicenow.role.revoke', { user: ids.bruno, role: 'itil' });
    expect(result).toMatchObject({ status: 'failed', code: 'EXECUTION_FAILED' });
    expect(instance.calls.every(({ method }) => method === 'GET')).toBe(true);
    await instance.run('servicenow.role.grant', { user: ids.bruno, role: 'itil' });
    const both = await instance.run('servicenow.role.revoke', { user: ids.bruno, role: 'itil' });
    expect(both.status).toBe('succeeded');
    expect(instance.effects()).toEqual(['sys_user_has_role.create', 'sys_user_has_role.delete']);
  });

  it('a role that does not exist is not granted', async () => {
    const instance = await openInstance();
    expect(await instance.run('servicenow.role.grant', { user: ids.dina, role: 'root' })).toMatchObject({
      status: 'failed',
    });
    expect(instance.effects()).toEqual([]);
  });

  it('a second grant of the same role is refused by the system', async () => {
    const instance = await openInstance();
    const input = { user: ids.dina, role: 'itil' };
    expect((await instance.run('servicenow.role.grant', input)).status).toBe('succeeded');
    expect(await instance.run('servicenow.role.grant', input)).toMatchObject({
      status: 'failed',
      code: 'EXECUTION_FAILED',
    });
    expect(instance.effects()).toHaveLength(1);
  });

  it('a record that is not there is neither read, changed nor deleted', async () => {
    const instance = await openInstance();
    for (const [operation, input] of [
      ['servicenow.incident.get', { sys_id: ids.nobody }],
      ['servicenow.incident.update', { sys_id: ids.nobody, state: '2' }],
      ['servicenow.incident.delete', { sys_id: ids.nobody }],
      ['servicenow.user.lock', { sys_id: ids.nobody }],
    ] as const) {
      expect((await instance.run(operation, input)).status, operation).toBe('failed');
    }
    expect(instance.effects()).toEqual([]);
  });
});
