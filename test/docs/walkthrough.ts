import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { runStep, stepsOf } from './runnable.ts';

const BLOCK = /<!-- (file|patch|run)(?:: (\S+))? -->\s*```\w*\n(.*?)```/gs;

/** Follows a page from its beginning to its end in a folder: writes its files, changes them, and runs its commands. */
export async function followPage(page: string, folder: string): Promise<number> {
  let commands = 0;
  for (const [, kind, name = '', text = ''] of readFileSync(page, 'utf8').matchAll(BLOCK)) {
    const file = join(folder, name);
    if (kind === 'file') {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    } else if (kind === 'patch') writeFileSync(file, patched(readFileSync(file, 'utf8'), text));
    else
      for (const step of stepsOf(text)) {
        expect(await runStep(step, folder), step.command).toMatch(step.output);
        commands += 1;
      }
  }
  return commands;
}

/** Each run of removed and added lines is put in the place of its removed lines, after the line before it. */
function patched(text: string, patch: string): string {
  const lines = patch.trimEnd().split('\n');
  const without = (sign: string) => lines.filter((line) => !line.startsWith(sign)).map((line) => line.slice(1));
  const [before, after] = [without('+'), without('-')];
  const whole = text.split('\n');
  const at = whole.findIndex((_, index) => before.every((line, offset) => whole[index + offset] === line));
  if (at < 0) throw new Error(`the page changes what is not there:\n${before.join('\n')}`);
  return [...whole.slice(0, at), ...after, ...whole.slice(at + before.length)].join('\n');
}
