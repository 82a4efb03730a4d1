import { join } from 'node:path';
import mcp from '../../../connectors/mcp/index.ts';
import type { ConformanceFixtures, EffectCase } from '../../../src/connector/conformance/fixtures.ts';
import { describeConnector } from '../../../src/runtime/conformance/describe-connector.ts';

const REPOSITORY = join(import.meta.dirname, '../../..');
const path = '/data/a.txt';
const UPDATE = { kind: 'update', reversible: 'no', external: false, privileged: false } as const;

const WRITES: readonly EffectCase[] = [
  { operation: 'mcp.file.write', input: { path, content: 'x' }, effect: UPDATE },
  { operation: 'mcp.file.edit', input: { path, edits: [] }, effect: UPDATE },
  { operation: 'mcp.file.edit', input: { path, edits: [], dryRun: true }, effect: { kind: 'read' } },
  { operation: 'mcp.file.move', input: { source: path, destination: '/data/b.txt' }, effect: UPDATE },
  { operation: 'mcp.directory.create', input: { path }, effect: { ...UPDATE, kind: 'create' } },
];

const REAL =
  'The real server stands in for a simulated system: real-servers.test.ts calls its tools and looks at the files.';
const TRANSPORT =
  'There is no HTTP to the system here: the server is a child process, and http-server.test.ts tests the lock of the other transport.';
const OWN_CALLS =
  'What a tool call does when its answer is lost is the same for every tool, and tested in governed-tools.test.ts.';

/** The filesystem server and the manifest that comes with the connector: what operations of an MCP server declare. */
const fixtures: ConformanceFixtures = {
  samples: [],
  rateLimits: [],
  effectCases: WRITES,
  settings: {
    command: 'node',
    args: ['node_modules/@modelcontextprotocol/server-filesystem/dist/index.js', REPOSITORY],
    manifest: 'connectors/mcp/manifests/filesystem.yaml',
  },
  bypass: {
    samples: REAL,
    gate: REAL,
    undo: REAL,
    redaction: TRANSPORT,
    'origin-lock': TRANSPORT,
    pagination: TRANSPORT,
    'rate-limits': TRANSPORT,
    'error-map': TRANSPORT,
    'lost-answers': OWN_CALLS,
  },
};

await describeConnector(mcp, fixtures, { directory: REPOSITORY });
