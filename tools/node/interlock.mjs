#!/usr/bin/env node
// `npx interlock` in a clone: the command from its sources, without a build.
import '../../src/runtime/bin.ts';
