import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { obedientServer } from './obedient-server.ts';

/** The obedient server as a program over stdio; its one argument is the file of its tools. */
serveStdio(() => obedientServer({ toolsFile: process.argv[2] ?? '' }));
