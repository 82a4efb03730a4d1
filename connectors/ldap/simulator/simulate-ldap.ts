import { appendFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { AuditEntry, Simulate, SimulatorFault, SimulatorOptions } from '../../../src/connector/contract.ts';
import { createFaultQueue } from '../../../src/connector/simulator/fault-queue.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { Codec } from '../codec.ts';
import { takeFrames } from '../frames.ts';
import { type Name, parseName } from '../name.ts';
import { answerRequest } from './answer-request.ts';
import { codeOfStatus, openLdapWire } from './ldap-wire.ts';
import { readRequest, type SeenRequest, writeAnswer } from './messages.ts';
import { LOCKED, SEED, seedSettings } from './seed.ts';
import { add, modify, type Tree } from './tree.ts';

interface Serving {
  readonly codec: Codec;
  readonly tree: Tree;
  readonly fault: (request: SeenRequest) => SimulatorFault | undefined;
  readonly audit: (request: SeenRequest, effect: string) => void;
}

/** A directory of this process's own: entries, members, passwords and locks, without a schema but for the required attributes. */
export const simulateLdap: Simulate = async (options) => {
  const codec = await import('ldapts');
  const faults = createFaultQueue();
  const entries: AuditEntry[] = [];
  const serving: Serving = {
    codec,
    tree: seededTree(),
    fault: ({ operation, dn }) => faults.take(`${operation} ${dn}`),
    audit: ({ operation, dn }, effect) => record(entries, { call: `${operation} ${dn}`, effect, target: dn }, options),
  };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    serve(serving, socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  // A listening TCP server has an address with a port.
  const origin = `ldap://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    settings: seedSettings(origin),
    openWire: (line) => openLdapWire(codec, line),
    audit: () => [...entries],
    fail: (fault) => faults.add(fault),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
};

function seededTree(): Tree {
  const tree: Tree = new Map();
  for (const { dn, attributes } of SEED) {
    const name = known(dn);
    // The base has nothing above it.
    if (tree.size === 0) tree.set(dn, { name, attributes });
    else add(tree, name, attributes);
  }
  for (const { dn, change } of LOCKED) modify(tree, known(dn), [{ operation: 'replace', ...change }]);
  return tree;
}

function known(dn: string): Name {
  const name = parseName(dn);
  if (name === undefined) throw new TypeError(`the seed holds ${dn}`);
  return name;
}

function record(
  entries: AuditEntry[],
  done: Omit<AuditEntry, 'at'>,
  { clock = systemClock, auditFile }: SimulatorOptions,
): void {
  const entry: AuditEntry = { at: clock.now(), ...done };
  // In the file before the answer goes out: whoever saw the answer finds the effect.
  if (auditFile !== undefined) appendFileSync(auditFile, `${JSON.stringify(entry)}\n`);
  entries.push(entry);
}

function serve(serving: Serving, socket: Socket): void {
  let left: Buffer = Buffer.alloc(0);
  let isBound = false;
  socket.on('data', (bytes: Buffer) => {
    const { frames, rest } = takeFrames(Buffer.concat([left, bytes]));
    left = rest;
    for (const frame of frames) {
      const request = readRequest(serving.codec, frame);
      if (request.operation === 'UNBIND') socket.end();
      else isBound = answer(serving, { request, socket, isBound });
    }
  });
}

interface Asked {
  readonly request: SeenRequest;
  readonly socket: Socket;
  readonly isBound: boolean;
}

/** Answers whether whoever asked is known from now on. */
function answer({ codec, tree, fault: faultOf, audit }: Serving, { request, socket, isBound }: Asked): boolean {
  const fault = faultOf(request);
  const outcome =
    fault?.when === 'before'
      ? undefined
      : answerRequest({ tree, isBound, audit: (effect) => audit(request, effect) }, request);
  if (fault?.answer === 'reset') socket.resetAndDestroy();
  else if (typeof fault?.answer === 'number')
    socket.write(writeAnswer(codec, request, { code: codeOfStatus(fault.answer) }));
  else if (fault === undefined && outcome !== undefined) socket.write(writeAnswer(codec, request, outcome));
  return request.operation === 'BIND' ? outcome?.code === 0 : isBound;
}
