import { join } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BOUNDS } from '../../../src/lib/bounds.ts';
import { strictLines } from '../../../src/surface/mcp/strict-lines.ts';

const PROGRAM = join(import.meta.dirname, 'stdio-main.ts');

for (const mode of ['legacy', 'auto'] as const) {
  test(`an SDK client over stdio that negotiates ${mode} is governed`, async () => {
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [PROGRAM], stderr: 'ignore' }));
    onTestFinished(() => client.close());
    expect(client.getProtocolEra()).toBe(mode === 'auto' ? 'modern' : 'legacy');
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain('notes_graph_read');
    const read = await client.callTool({ name: 'notes_graph_read', arguments: {} });
    expect(read.structuredContent).toMatchObject({ decision: 'allow', outcome: { status: 'succeeded' } });
    const unknown = await client.callTool({ name: 'nothing_like_this', arguments: {} });
    expect(unknown).toMatchObject({ isError: true, structuredContent: { code: 'UNKNOWN_OPERATION' } });
    await expect(client.request({ method: 'resources/list' })).rejects.toThrow('METHOD_NOT_GOVERNED');
  });
}

describe('lines of JSON-RPC', () => {
  /** What goes on to the SDK, and what is answered at once. */
  async function through(
    chunks: readonly (string | Buffer)[],
  ): Promise<{ readonly passed: string; readonly answers: readonly unknown[] }> {
    const answers: unknown[] = [];
    const input = new PassThrough();
    const passed = text(input.pipe(strictLines((answer) => answers.push(answer))) as Readable);
    for (const chunk of chunks) input.write(chunk);
    input.end();
    return { passed: await passed, answers };
  }
  const PING = '{"jsonrpc":"2.0","id":1,"method":"ping"}';

  test('a request goes on, however it is cut into pieces', async () => {
    expect(await through([`${PING}\n`])).toEqual({ passed: `${PING}\n`, answers: [] });
    expect(await through([...`${PING}\r\n\n${PING}\n`])).toEqual({ passed: `${PING}\n${PING}\n`, answers: [] });
  });

  test('of notifications only those go on that the protocol needs', async () => {
    const cancelled = '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}';
    const call = '{"jsonrpc":"2.0","method":"tools/call","params":{"name":"x"}}';
    expect(await through([`${cancelled}\n${call}\n{"jsonrpc":"2.0","id":1,"result":{}}\n`])).toEqual({
      passed: `${cancelled}\n`,
      answers: [],
    });
  });

  const REFUSED = {
    'a batch': [`[${PING}]`, 'INVALID_CALL'],
    'a duplicate key': [PING.replace('{', '{"id":2,'), 'DUPLICATE_KEY'],
    'no JSON': ['{', 'MALFORMED_JSON'],
    'bytes that are no UTF-8': [Buffer.from([0x22, 0xff, 0x22]), 'MALFORMED_JSON'],
    'an ungoverned method': ['{"jsonrpc":"2.0","id":1,"method":"resources/list"}', 'METHOD_NOT_GOVERNED'],
    'a line without end': [Buffer.alloc(BOUNDS.bodyBytes + 1, 'x'), 'TOO_LARGE'],
  } as const;
  for (const [what, [line, code]] of Object.entries(REFUSED)) {
    test(`${what} is answered with ${code}, and the next line is served`, async () => {
      const { passed, answers } = await through([line, `\n${PING}\n`]);
      expect(answers).toMatchObject([{ error: { data: { code } } }]);
      expect(passed).toBe(`${PING}\n`);
    });
  }
});
