import { z } from 'zod';
import { secretReference } from '../../src/connector/secret-reference.ts';

/** Variables that make a child load foreign code before its own (attack: a configuration that smuggles code into a server). */
const LOADER_VARIABLE =
  /^(?:NODE_OPTIONS|NODE_PATH|LD_.*|DYLD_.*|BASH_ENV|ENV|PYTHON(?:STARTUP|PATH|HOME)|PERL5(?:LIB|OPT)|RUBY(?:LIB|OPT)|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS)$/i;

const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a variable is named with letters, digits and _')
  .refine((name) => !LOADER_VARIABLE.test(name), 'this variable would load code into the server');

const command = z
  .string()
  .regex(/^(?:\/|[A-Za-z]:[\\/]|[^/\\]+$)/, 'a command is an absolute path, or a bare name that PATH resolves')
  .describe('`node` is the Node that runs Interlock.');

const url = z.url().refine(isReachable, 'the address is https, or http on loopback, without user, query or fragment');

/** One MCP server: either a program that is started and spoken to over stdio, or an address of streamable HTTP. */
export const settings = z
  .strictObject({
    command: command.optional(),
    args: z.array(z.string()).max(100).default([]),
    /** All that the server finds in its environment, besides HOME, LOGNAME, PATH, SHELL, TERM and USER. */
    environment: z.record(variableName, z.string()).default({}),
    /** The same for secrets: `env:NAME` or `file:path`. */
    secrets: z.record(variableName, secretReference()).default({}),
    /** Where the server starts, from the configuration's folder; default: that folder. */
    cwd: z.string().default('.'),
    url: url.optional(),
    credential: z
      .strictObject({
        header: z
          .string()
          .regex(/^[A-Za-z][A-Za-z0-9-]*$/)
          .default('Authorization'),
        /** What stands before the secret; empty for a bare key. */
        prefix: z.string().default('Bearer '),
        secret: secretReference(),
      })
      .optional(),
    /** The tool manifest, from the configuration's folder. Without it every tool is unclassified, and refused. */
    manifest: z.string().optional(),
    /** Milliseconds that one call may take. */
    timeoutMs: z.int().min(100).max(600_000).default(30_000),
  })
  .refine(({ command, url }) => (command === undefined) !== (url === undefined), 'name either a command or a url')
  .refine(({ url, credential }) => url !== undefined || credential === undefined, 'a credential needs a url');

export type Settings = z.output<typeof settings>;

function isReachable(text: string): boolean {
  const parsed = URL.parse(text);
  if (parsed === null || parsed.username !== '' || parsed.password !== '' || parsed.search !== '' || parsed.hash !== '')
    return false;
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(parsed.hostname);
  return parsed.protocol === 'https:' || (parsed.protocol === 'http:' && isLoopback);
}
