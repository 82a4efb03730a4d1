import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import type { CliContext } from '../../src/surface/cli/cli-context.ts';
import { createProgram } from '../../src/surface/cli/create-program.ts';

const ROOT = join(import.meta.dirname, '../..');
const PAGES = globSync(['*.md', '{docs,connectors,policies}/**/*.md', 'src/surface/cli/commands/*.ts'], { cwd: ROOT });

/** Nothing of it is used: the commands are looked at and not run. */
const CONTEXT = new Proxy({} as CliContext, { get: unused });

function unused(): never {
  throw new Error('no command is run here');
}

const PROGRAM = createProgram(CONTEXT, '0');
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** What in `interlock a b --c` is no command and no option of it; undefined where all is well. */
function wrongIn(line: string): string | undefined {
  if (line.trim() === 'help') return undefined; // commander's own
  let command: Command = PROGRAM;
  for (const word of line.trim().split(/\s+/)) {
    const found = command.commands.find((each) => each.name() === word);
    if (found !== undefined) command = found;
    else if (word.startsWith('--') && !knows(command, word)) return `${word} in: interlock ${line}`;
    else if (command === PROGRAM && !word.startsWith('-')) return `${word} in: interlock ${line}`;
  }
  return command.commands.length > 0 && command !== PROGRAM ? `half a command: interlock ${line}` : undefined;
}

function knows(command: Command, option: string): boolean {
  return [...command.options, ...PROGRAM.options].some(({ long }) => long === option) || option === '--help';
}

/** `a|b` stands for each of them. */
function alternatives(line: string): readonly string[] {
  const words = /(\S+(?:\\?\|\S+)+)/.exec(line)?.[1];
  return words === undefined ? [line] : words.split(/\\?\|/).map((word) => line.replace(words, word));
}

function commandsIn(page: string): readonly string[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const inCode = [...text.matchAll(/`interlock ([a-z][^`]*)`/g)];
  const inBlocks = [...text.matchAll(/(?:npx|\$) interlock ([a-z][^\n`'"#]*?)(?:\s{2,}|["'`#\n])/g)];
  const lines = [...inCode, ...inBlocks].map(([, line = '']) => line.replace(/…$/, '').trim());
  return lines.filter((line) => !line.includes('${')).flatMap(alternatives); // a template of the sources is no command yet
}

describe('commands in the docs', () => {
  test('are found at all', () => {
    expect(PAGES.flatMap(commandsIn).length).toBeGreaterThan(30);
    expect(wrongIn('polcy lint')).toBeDefined();
    expect(wrongIn('policy lint --colour')).toBeDefined();
  });

  test.each(PAGES)('exist: %s', (page) => {
    expect(commandsIn(page).flatMap((line) => wrongIn(line) ?? [])).toEqual([]);
  });

  test.each(PAGES)('of npm exist: %s', (page) => {
    const text = readFileSync(join(ROOT, page), 'utf8');
    const named = [...text.matchAll(/npm run ([a-z:]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test('the README names every command there is', () => {
    const named = commandsIn('README.md');
    const all = PROGRAM.commands.flatMap((each) =>
      each.commands.length === 0 ? [each.name()] : each.commands.map((sub) => `${each.name()} ${sub.name()}`),
    );
    expect(all.filter((name) => !named.some((line) => `${line} `.startsWith(`${name} `)))).toEqual([]);
  });
});
