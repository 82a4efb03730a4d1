import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { InterlockError } from '../../lib/errors.ts';
import type { IdSource } from '../../lib/ids.ts';
import { errorOf, PROBLEM_MEDIA_TYPE, problemOf } from './problem.ts';
import { stamp } from './security-headers.ts';

/** Answers any thrown value with its problem. What nobody foresaw is logged by its stack alone: errors of clients carry secrets. */
export function sendProblem(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const error = errorOf(thrown);
  const problem = problemOf(error, request.id);
  if (error.code === 'INTERNAL') {
    const stack = error.cause instanceof Error ? error.cause.stack : undefined;
    request.log.error({ stack }, 'a request failed for a reason nobody foresaw');
  }
  stamp(request, reply);
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  if (problem.retryAfter !== undefined) reply.header('retry-after', problem.retryAfter);
  reply.code(problem.status).type(PROBLEM_MEDIA_TYPE).send(JSON.stringify(problem));
}

/** What Node's HTTP parser refuses before there is a request: status and detail by its error code. */
const SOCKET_REFUSALS: ReadonlyMap<string, readonly [status: number, detail: string]> = new Map([
  ['HPE_HEADER_OVERFLOW', [431, 'the headers are too large']],
  ['ERR_HTTP_REQUEST_TIMEOUT', [408, 'the request did not arrive in time']],
]);

/** Answers bytes that are no HTTP request, and closes the connection: nothing after them can be understood. */
export function refuseOnSocket(ids: IdSource): (error: NodeJS.ErrnoException, socket: Socket) => void {
  return (error, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const [status, detail] = SOCKET_REFUSALS.get(error.code ?? '') ?? [400, 'this is not an HTTP request'];
    const body = JSON.stringify({ ...problemOf(new InterlockError('INVALID_CALL', detail), ids.id('req')), status });
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      `content-type: ${PROBLEM_MEDIA_TYPE}`,
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
  };
}
