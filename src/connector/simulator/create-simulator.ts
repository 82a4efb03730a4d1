import { appendFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, systemClock } from '../../lib/clock.ts';
import type { Json, JsonObject } from '../../lib/json.ts';
import type { AuditEntry, Simulator, SimulatorFault, SimulatorOptions } from '../contract.ts';
import { answerControl, isControl } from './control.ts';
import { createFaultQueue, type FaultQueue } from './fault-queue.ts';
import { readSimulatorRequest, type SimulatorRequest } from './read-simulator-request.ts';
import { seededRandom } from './seeded-random.ts';

export interface SimulatorResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent as JSON; a string with a `content-type` that is not JSON goes out as it is. */
  readonly body?: Json | undefined;
}

/** What a simulated system may use instead of the real time and chance. */
export interface SimulatorWorld {
  readonly clock: Clock;
  /** 32 hexadecimal digits, the same sequence for the same seed. */
  id(): string;
  /** 0 ≤ x < 1, the same sequence for the same seed. */
  random(): number;
  /** Records an effect at the moment it happens. Nothing may happen without it: tests count effects by it. */
  audit(effect: string, target: string, correlation?: string): void;
}

export interface SimulatorDefinition {
  readonly options: SimulatorOptions;
  /** Settings with which the connector reaches this simulator. */
  readonly settings: (origin: string) => JsonObject;
  readonly handle: (request: SimulatorRequest, world: SimulatorWorld) => SimulatorResponse | Promise<SimulatorResponse>;
  /** The vendor's way to answer an injected status, e.g. its headers of a 429; default: the bare status. */
  readonly refusal?: ((status: number, world: SimulatorWorld) => SimulatorResponse) | undefined;
}

interface Running {
  readonly definition: SimulatorDefinition;
  readonly worldOf: (request: SimulatorRequest) => SimulatorWorld;
  readonly faults: FaultQueue;
  readonly entries: readonly AuditEntry[];
}

/** Starts a simulated system on 127.0.0.1: `handle` is the vendor's behaviour; faults and audit log are served here. */
export async function createSimulator(definition: SimulatorDefinition): Promise<Simulator> {
  const { options } = definition;
  const entries: AuditEntry[] = [];
  const faults = createFaultQueue();
  const running: Running = { definition, worldOf: worldMaker(options, entries), faults, entries };
  const server = createServer((incoming, outgoing) => {
    serve(running, incoming, outgoing).catch((error: unknown) => {
      if (outgoing.headersSent) outgoing.destroy();
      else send(outgoing, { status: 500, body: { simulator: error instanceof Error ? error.message : 'failed' } });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  // A listening TCP server has an address with a port.
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    settings: definition.settings(origin),
    audit: () => [...entries],
    fail: (fault) => faults.add(fault),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function worldMaker(options: SimulatorOptions, entries: AuditEntry[]): (request: SimulatorRequest) => SimulatorWorld {
  const clock = options.clock ?? systemClock;
  const random = seededRandom(options.seed ?? 1);
  const id = () => Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('');
  return (request) => ({
    clock,
    id,
    random,
    audit(effect, target, correlation) {
      const call = `${request.method} ${request.path}`;
      const entry: AuditEntry = {
        at: clock.now(),
        call,
        effect,
        target,
        ...(correlation === undefined ? {} : { correlation }),
      };
      // In the file before the answer goes out: whoever saw the answer finds the effect.
      if (options.auditFile !== undefined) appendFileSync(options.auditFile, `${JSON.stringify(entry)}\n`);
      entries.push(entry);
    },
  });
}

async function serve(running: Running, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { definition, faults } = running;
  const request = await readSimulatorRequest(incoming);
  if (definition.options.control === true && isControl(request)) {
    send(outgoing, answerControl(request, running));
    return;
  }
  const world = running.worldOf(request);
  const fault = faults.take(`${request.method} ${request.path}`);
  if (fault?.when === 'before') {
    answerFault(running, { fault, world, outgoing });
    return;
  }
  const response = await definition.handle(request, world);
  if (fault === undefined) send(outgoing, response);
  else answerFault(running, { fault, world, outgoing });
}

interface Faulted {
  readonly fault: SimulatorFault;
  readonly world: SimulatorWorld;
  readonly outgoing: ServerResponse;
}

function answerFault({ definition }: Running, { fault, world, outgoing }: Faulted): void {
  if (fault.answer === 'hang') return;
  if (fault.answer === 'reset') {
    outgoing.socket?.resetAndDestroy();
    return;
  }
  send(outgoing, definition.refusal?.(fault.answer, world) ?? { status: fault.answer });
}

function send(outgoing: ServerResponse, { status, headers = {}, body }: SimulatorResponse): void {
  const names = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  if (body !== undefined) names['content-type'] ??= 'application/json';
  outgoing.writeHead(status, names);
  const isText = typeof body === 'string' && !names['content-type']?.includes('json');
  outgoing.end(isText || body === undefined ? body : JSON.stringify(body));
}
