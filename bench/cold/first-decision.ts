/** Starts as the command does: with what an earlier process compiled. Then the first decision. */
import { homedir } from 'node:os';
import { keepCompiledCode } from '../../src/runtime/keep-compiled-code.ts';

keepCompiledCode(process.env, homedir);
await import('./decide-first.ts');
