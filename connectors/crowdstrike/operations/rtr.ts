import { z } from 'zod';
import { type ProbeResult, readOperation, writeOperation } from '../../../src/connector/contract.ts';
import type { HttpCall, HttpReply } from '../../../src/connector/http/http-client.ts';
import { httpExecution } from '../../../src/connector/http/http-execution.ts';
import { change } from '../effects.ts';
import { resourceOf } from '../envelope.ts';
import { ONCE, sdk } from '../evidence.ts';
import { deviceId, sessionId } from '../ids.ts';
import { readBack, undetermined } from '../read-back.ts';
import { refs } from '../resources.ts';
import { command, commandFits } from '../rtr-command.ts';

const SESSIONS = '/real-time-response/entities/sessions/v1';
const COMMAND = '/real-time-response/entities/admin-command/v1';

const openSession = writeOperation({
  name: 'crowdstrike.session.open',
  description: 'Opens a Real Time Response session on a host: commands then run there with the rights of the system.',
  input: z.strictObject({ deviceId, queueOffline: z.boolean().default(false) }),
  output: z.object({ session_id: z.string() }),
  resourceTypes: ['CrowdStrike::Device'],
  resources: ({ deviceId }) => refs('CrowdStrike::Device', [deviceId]),
  provenance: { arguments: { deviceId: 'target' } },
  effect: () => change('privilege', 'operation'),
  effectKinds: ['privilege'],
  repeat: ONCE,
  execute: httpExecution({
    request: ({ deviceId, queueOffline }) => ({
      method: 'POST',
      path: SESSIONS,
      body: { device_id: deviceId, origin: 'interlock', queue_offline: queueOffline },
    }),
    repeatable: false,
    result: (reply) => resourceOf(reply, z.object({ session_id: z.string() })),
  }),
  undo: (_input, result) => {
    const said = z.object({ session_id: sessionId }).safeParse(result);
    return said.success
      ? { operation: 'crowdstrike.session.close', input: { sessionId: said.data.session_id } }
      : undefined;
  },
  evidence: [sdk('POST /real-time-response/entities/sessions/v1 (RTR_InitSession)')],
});

const closeSession = writeOperation({
  name: 'crowdstrike.session.close',
  description: 'Closes a Real Time Response session.',
  input: z.strictObject({ sessionId }),
  output: z.object({}),
  resourceTypes: ['CrowdStrike::Session'],
  resources: ({ sessionId }) => refs('CrowdStrike::Session', [sessionId]),
  provenance: { arguments: { sessionId: 'target' } },
  effect: () => change('delete', 'no', { privileged: false }),
  effectKinds: ['delete'],
  repeat: ONCE,
  execute: httpExecution({
    request: ({ sessionId }) => ({ method: 'DELETE', path: SESSIONS, query: { session_id: sessionId } }),
    repeatable: false,
    result: () => ({}),
  }),
  undo: { none: 'A closed session is over; another one can be opened.' },
  evidence: [sdk('DELETE /real-time-response/entities/sessions/v1 (RTR_DeleteSession)')],
});

const state = z.object({ complete: z.boolean(), stdout: z.string().default(''), stderr: z.string().default('') });
const handleOf = z.object({ cloud_request_id: z.string().min(1) });
const stateOf = (cloudRequestId: string): HttpCall => ({
  method: 'GET',
  path: COMMAND,
  query: { cloud_request_id: cloudRequestId, sequence_id: 0 },
});

const runCommand = writeOperation({
  name: 'crowdstrike.session.run',
  description:
    'Runs an administrator’s command on a host, in an open session: remote code with the rights of the system.',
  input: z.strictObject({ sessionId, ...command }).refine(commandFits, 'the command line begins with the command'),
  output: z.object({ complete: z.boolean(), stdout: z.string(), stderr: z.string() }),
  resourceTypes: ['CrowdStrike::Session'],
  resources: ({ sessionId }) => refs('CrowdStrike::Session', [sessionId]),
  labels: () => ['untrusted', 'security'],
  provenance: {
    arguments: { sessionId: 'target', command: 'flag', commandLine: 'content' },
    returns: { default: 'others' },
  },
  effect: () => change('execute', 'no'),
  effectKinds: ['execute'],
  repeat: ONCE,
  execute: httpExecution({
    request: ({ sessionId, command, commandLine }) => ({
      method: 'POST',
      path: COMMAND,
      body: { session_id: sessionId, base_command: command, command_string: commandLine },
    }),
    repeatable: false,
    accepted: (reply) => resourceOf(reply, handleOf),
    result: () => undefined,
  }),
  probe: async (_input, context) => {
    const handle = handleOf.safeParse(context.handle);
    if (!handle.success)
      return undetermined('Falcon keeps no list of commands by which one without an id could be found.');
    const answer = await readBack(stateOf(handle.data.cloud_request_id), context);
    return answer.ok ? progressOf(answer.reply) : undetermined(answer.detail);
  },
  undo: { none: 'What a command did on a host cannot be told, so it cannot be taken back.' },
  evidence: [
    sdk('POST /real-time-response/entities/admin-command/v1 (RTR_ExecuteAdminCommand)'),
    sdk('GET /real-time-response/entities/admin-command/v1 (RTR_CheckAdminCommandStatus)'),
  ],
});

function progressOf(reply: HttpReply): ProbeResult {
  const said = z.object({ resources: z.tuple([state], z.unknown()) }).safeParse(reply.body);
  if (!said.success) return undetermined('The reply does not tell.');
  const [first] = said.data.resources;
  return first.complete ? { status: 'applied', result: first } : { status: 'running' };
}

const readCommand = readOperation({
  name: 'crowdstrike.session.read-output',
  description: 'Reads what a command that was run in a session has printed so far.',
  input: z.strictObject({ cloudRequestId: z.string().regex(/^[0-9a-f-]{32,36}$/) }),
  output: state,
  resourceTypes: ['CrowdStrike::Session'],
  resources: () => refs('CrowdStrike::Session', []),
  labels: () => ['untrusted', 'security'],
  provenance: { returns: { default: 'others' } },
  execute: httpExecution({
    request: ({ cloudRequestId }) => stateOf(cloudRequestId),
    repeatable: true,
    result: (reply) => resourceOf(reply, state),
  }),
  evidence: [sdk('GET /real-time-response/entities/admin-command/v1 (RTR_CheckAdminCommandStatus)')],
});

export const rtrOperations = [openSession, closeSession, runCommand, readCommand] as const;
