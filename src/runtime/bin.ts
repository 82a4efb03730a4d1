#!/usr/bin/env node
import { homedir } from 'node:os';
import { keepCompiledCode } from './keep-compiled-code.ts';

// Before anything else is loaded: what is loaded before is not kept.
keepCompiledCode(process.env, homedir);
await import('./run-command.ts');
