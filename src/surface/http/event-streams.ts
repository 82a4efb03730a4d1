import type { FastifyReply } from 'fastify';
import type { LiveEvent } from '../../gate/answers.ts';
import type { Caller, Interlock } from '../../gate/interlock.ts';
import type { BOUNDS } from '../../lib/bounds.ts';
import type { Clock } from '../../lib/clock.ts';
import { InterlockError } from '../../lib/errors.ts';

export type StreamBounds = Pick<
  Record<keyof typeof BOUNDS, number>,
  'eventStreams' | 'eventBufferBytes' | 'eventStreamMs' | 'eventHeartbeatMs'
>;

/** The open live streams of one server: server-sent events (WHATWG HTML §9.2), bounded in number, memory and time. */
export class EventStreams {
  readonly #interlock: Interlock;
  readonly #clock: Clock;
  readonly #bounds: StreamBounds;
  readonly #endings = new Set<(reason: string) => void>();

  constructor(interlock: Interlock, clock: Clock, bounds: StreamBounds) {
    this.#interlock = interlock;
    this.#clock = clock;
    this.#bounds = bounds;
  }

  /**
   * Turns the answer into a stream of the caller's tenant, or of one workflow of it. The last event of a stream that the
   * server ends is `end`, with the reason. Throws TOO_MANY_STREAMS, and what `watch` throws, before anything is sent.
   */
  start(caller: Caller, reply: FastifyReply, workflow: string | undefined): FastifyReply {
    if (this.#endings.size >= this.#bounds.eventStreams) throw new InterlockError('TOO_MANY_STREAMS');
    const response = reply.raw;
    const send = (event: LiveEvent): void => {
      if (workflow !== undefined && event.workflow !== workflow) return;
      response.write(`id: ${event.workflow}/${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
      if (response.writableLength > this.#bounds.eventBufferBytes) end('the reader is too slow');
    };
    const beat = (): void => {
      response.write(': still here\n\n');
      cancelBeat = this.#clock.after(this.#bounds.eventHeartbeatMs, beat);
    };
    const unwatch = this.#interlock.watch(caller, send);
    let cancelBeat = this.#clock.after(this.#bounds.eventHeartbeatMs, beat);
    const cancelTimer = this.#clock.after(this.#bounds.eventStreamMs, () => end('show the credential again'));
    const stop = (): void => {
      if (!this.#endings.delete(end)) return;
      unwatch();
      cancelBeat();
      cancelTimer();
    };
    const end = (reason: string): void => {
      stop();
      response.end(`event: end\ndata: ${JSON.stringify({ reason })}\n\n`);
    };
    this.#endings.add(end);
    response.on('close', stop);
    // It may have gone while its credential was verified.
    if (response.destroyed) stop();
    reply.header('content-type', 'text/event-stream').header('x-accel-buffering', 'no').hijack();
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) response.setHeader(name, value);
    response.setHeader('connection', 'close');
    response.write('retry: 2000\n: live\n\n');
    return reply;
  }

  /** Ends every stream, so that the server can close. */
  close(): void {
    for (const end of this.#endings) end('the server is closing');
  }
}
