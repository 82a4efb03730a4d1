import { bodyOf, type Route, refuse, reply, textsIn, uuid } from './tenant.ts';

/** Real Time Response and workflows: what runs something. */
export const rtrRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/real-time-response/entities/sessions/v1',
    handle: (call) => {
      const device = String(bodyOf(call)['device_id'] ?? '');
      if (!call.tenant.devices.has(device)) return refuse(404, 'no such host');
      const id = uuid(call.world);
      call.tenant.sessions.set(id, device);
      call.world.audit('session.open', device);
      return reply([{ session_id: id, pwd: 'C:\\' }], { status: 201 });
    },
  },
  {
    method: 'DELETE',
    path: '/real-time-response/entities/sessions/v1',
    handle: ({ tenant, request, world }) => {
      const id = request.query.get('session_id') ?? '';
      if (!tenant.sessions.delete(id)) return refuse(404, 'no such session');
      world.audit('session.close', id);
      return { status: 204 };
    },
  },
  {
    method: 'POST',
    path: '/real-time-response/entities/admin-command/v1',
    handle: (call) => {
      const { session_id, command_string } = bodyOf(call);
      const device = call.tenant.sessions.get(String(session_id));
      if (device === undefined) return refuse(404, 'no such session');
      const id = uuid(call.world);
      call.tenant.started.set(id, `ran ${command_string}`);
      call.world.audit('session.run', device);
      return reply([{ session_id: String(session_id), cloud_request_id: id, queued_command_offline: false }], {
        status: 201,
      });
    },
  },
  {
    method: 'GET',
    path: '/real-time-response/entities/admin-command/v1',
    handle: ({ tenant, request }) => {
      const id = request.query.get('cloud_request_id') ?? '';
      const output = tenant.started.get(id);
      return output === undefined
        ? refuse(404, 'no such command')
        : reply([{ complete: true, stdout: output, stderr: '', task_id: id, sequence_id: 0 }]);
    },
  },
  {
    method: 'POST',
    path: '/real-time-response/combined/batch-init-session/v1',
    handle: (call) => {
      const hosts = textsIn(bodyOf(call)['host_ids']).filter((id) => call.tenant.devices.has(id));
      if (hosts.length === 0) return refuse(404, 'no such host');
      const id = uuid(call.world);
      call.tenant.batches.set(id, hosts);
      call.world.audit('batch.open', hosts.join(','));
      const resources = Object.fromEntries(
        hosts.map((host) => [host, { session_id: uuid(call.world), complete: true }]),
      );
      return { status: 201, body: { meta: {}, errors: [], batch_id: id, resources } };
    },
  },
  {
    method: 'POST',
    path: '/real-time-response/combined/batch-admin-command/v1',
    handle: (call) => {
      const { batch_id, command_string, optional_hosts } = bodyOf(call);
      const batch = call.tenant.batches.get(String(batch_id));
      if (batch === undefined) return refuse(404, 'no such batch');
      const wanted = textsIn(optional_hosts);
      const hosts = wanted.length === 0 ? batch : batch.filter((host) => wanted.includes(host));
      for (const host of hosts) call.world.audit('batch.run', host);
      const resources = Object.fromEntries(
        hosts.map((host) => [host, { complete: true, stdout: `ran ${command_string}`, stderr: '' }]),
      );
      return { status: 201, body: { meta: {}, errors: [], combined: { resources } } };
    },
  },
  {
    method: 'POST',
    path: '/workflows/entities/execute/v1',
    handle: ({ tenant, request, world }) => {
      const id = world.id();
      tenant.started.set(id, 'Completed');
      world.audit('workflow.execute', request.query.get('definition_id') ?? '', request.query.get('key') ?? undefined);
      return reply([id]);
    },
  },
  {
    method: 'GET',
    path: '/workflows/entities/execution-results/v1',
    handle: ({ tenant, request }) =>
      reply(
        request.query
          .getAll('ids')
          .flatMap((id) => (tenant.started.has(id) ? [{ execution_id: id, status: 'Completed' }] : [])),
      ),
  },
];
