// A small MCP server that stands for a company's mail: it keeps what was sent in memory and delivers nothing.
// Interlock starts it over stdio (see interlock.yaml), as it would start any other MCP server. What its tools do is said
// by mail-tools.yaml, which a person has reviewed, and not by this file.
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';

const MOST_MESSAGES = 1_000;

/** @type {{ id: string, to: string[], subject: string, body: string }[]} */
const outbox = [];

const address = z.email().max(254);
const limit = z.int().min(1).max(100).default(20);
const listed = z.object({
  messages: z.array(z.object({ id: z.string(), to: z.array(z.string()), subject: z.string(), body: z.string() })),
});

/** The same answer twice, as MCP wants it: as text and as data. */
function answer(/** @type {Record<string, unknown>} */ data) {
  return { content: [{ type: /** @type {const} */ ('text'), text: JSON.stringify(data) }], structuredContent: data };
}

function newest(/** @type {typeof outbox} */ messages, /** @type {number} */ most) {
  return answer({ messages: messages.slice(-most).reverse() });
}

function mailServer() {
  const server = new McpServer({ name: 'demo-mail', version: '1.0.0' });
  server.registerTool(
    'send_message',
    {
      description: 'Sends a message to one or more people.',
      inputSchema: z.object({
        to: z.array(address).min(1).max(20),
        subject: z.string().min(1).max(200),
        body: z.string().max(20_000),
      }),
      outputSchema: z.object({ id: z.string() }),
    },
    ({ to, subject, body }) => {
      if (outbox.length >= MOST_MESSAGES) throw new Error('the outbox is full');
      const id = `message-${outbox.length + 1}`;
      outbox.push({ id, to, subject, body });
      return answer({ id });
    },
  );
  server.registerTool(
    'list_messages',
    {
      description: 'Lists what was sent, the newest first.',
      inputSchema: z.object({ limit }),
      outputSchema: listed,
    },
    ({ limit }) => newest(outbox, limit),
  );
  server.registerTool(
    'search_messages',
    {
      description: 'Finds messages whose recipient, subject or body holds a text.',
      inputSchema: z.object({ text: z.string().min(1).max(200), limit }),
      outputSchema: listed,
    },
    ({ text, limit }) =>
      newest(
        outbox.filter(({ to, subject, body }) => [...to, subject, body].some((part) => part.includes(text))),
        limit,
      ),
  );
  return server;
}

serveStdio(mailServer);
