import { connect, createServer, type Server, type Socket } from 'node:net';

/** The way between gateways and Redis: it can be cut without a word, and led to another server. */
export interface Wire {
  readonly port: number;
  /** Nothing gets through any more, and nobody is told: what was sent waits, and what was received is kept back. */
  cut(): void;
  mend(): void;
  /** Nothing ever gets through the connections that there are, and nobody is told; new ones work. */
  silence(): void;
  /** From now on, and for those that are connected: to the server at `port`. */
  leadTo(port: number): void;
  close(): Promise<void>;
}

interface Line {
  readonly near: Socket;
  readonly far: Socket;
}

export async function layWire(target: number): Promise<Wire> {
  let to = target;
  let isCut = false;
  const silent = new Set<Line>();
  const lines = new Set<Line>();
  const flow = (line: Line): void => {
    const isStill = isCut || silent.has(line);
    for (const socket of [line.near, line.far]) isStill ? socket.pause() : socket.resume();
  };
  const server = createServer((near) => {
    const far = connect({ port: to, host: '127.0.0.1' });
    const line = { near, far };
    lines.add(line);
    const end = (): void => {
      lines.delete(line);
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) socket.on('error', end).on('close', end);
    near.on('data', (bytes) => far.write(bytes));
    far.on('data', (bytes) => near.write(bytes));
    flow(line);
  });
  const port = await listening(server);
  return {
    port,
    cut: () => {
      isCut = true;
      lines.forEach(flow);
    },
    mend: () => {
      isCut = false;
      lines.forEach(flow);
    },
    silence: () => {
      for (const line of lines) {
        silent.add(line);
        flow(line);
      }
    },
    leadTo: (other) => {
      to = other;
      for (const { near } of lines) near.destroy();
    },
    close: () => {
      for (const { near, far } of lines) {
        near.destroy();
        far.destroy();
      }
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}
