// What the demo prints: one line for each decision as it falls, and the reason beneath. It wraps at the terminal's width,
// keeps to NO_COLOR, and takes its time only where a person is watching.
import { setTimeout } from 'node:timers/promises';
import pc from 'picocolors';

const WIDTH = { least: 60, most: 100, usual: 96 };
const COLUMNS = { agent: 20, operation: 28, decision: 8 };
const INDENT = 2 + COLUMNS.agent;

const PAINT = {
  allow: pc.green,
  modify: pc.cyan,
  step_up: pc.yellow,
  defer: pc.yellow,
  deny: pc.red,
  refused: pc.red,
};

/** Milliseconds that a reader needs at pace 1. */
const PAUSE = { heading: 900, line: 350, reason: 900 };

export class Narrator {
  #out;
  #pace;
  #width;

  constructor(out, environment) {
    this.#out = out;
    this.#pace = out.isTTY ? Number(environment.DEMO_PACE ?? 1) : 0;
    this.#width = Math.max(WIDTH.least, Math.min(WIDTH.most, out.columns ?? WIDTH.usual));
  }

  async heading(title, text) {
    await this.#pause('heading');
    this.#print('', pc.bold(title), ...wrap(text, this.#width - 2).map((line) => `  ${line}`), '');
    await this.#pause('reason');
  }

  /** `note` says in a few words what came of it. */
  async decision(agent, operation, { decision, reasons }, note = '') {
    await this.#line({ agent, operation, decision, note });
    if (decision === 'allow') return;
    const paint = decision === 'modify' ? pc.dim : String;
    await this.#reasons(
      reasons.map(({ title }) => title),
      paint,
    );
  }

  /** A call that never became an action: who asks is not who it says. */
  async refused(agent, operation, { title }, note) {
    await this.#line({ agent, operation, decision: 'refused', note });
    await this.#reasons([title], String);
  }

  async message(from, to, text) {
    const lines = wrap(`to ${to}: “${text}”`, this.#width - INDENT);
    this.#print(...lines.map((line, i) => `  ${(i === 0 ? from : '').padEnd(COLUMNS.agent)}${pc.dim(line)}`));
    await this.#pause('line');
  }

  /** What to notice about the decision above. */
  async remark(text) {
    this.#print(...wrap(text, this.#width - INDENT).map((line) => ' '.repeat(INDENT) + pc.yellow(line)));
    await this.#pause('reason');
  }

  /** Words of somebody else: set apart, because they are not ours. */
  async quote(text) {
    this.#print('', ...wrap(text, this.#width - 6).map((line) => `    ${pc.dim('│')} ${pc.italic(line)}`), '');
    await this.#pause('reason');
  }

  waits(approval) {
    this.#print(
      '',
      `  ${pc.bold(pc.yellow('It waits for you.'))} See what exactly would be executed, then approve or deny it on the live page,`,
      '  whose address stands at the top, or in another terminal, with the variables that stand there:',
      '',
      `    npx interlock approvals approve ${approval} --reason agreed`,
      '',
    );
  }

  say(...lines) {
    this.#print(...lines);
  }

  async #line({ agent, operation, decision, note }) {
    const painted = PAINT[decision](decision.padEnd(COLUMNS.decision));
    const start = `  ${agent.padEnd(COLUMNS.agent)}${operation.padEnd(COLUMNS.operation)}${painted}`;
    this.#print(note === '' ? start.trimEnd() : `${start} ${pc.dim(note)}`);
    await this.#pause('line');
  }

  async #reasons(titles, paint) {
    const lines = titles.flatMap((title) => wrap(title, this.#width - INDENT));
    this.#print(...lines.map((line) => ' '.repeat(INDENT) + paint(line)));
    await this.#pause('reason');
  }

  #print(...lines) {
    this.#out.write(`${lines.join('\n')}\n`);
  }

  async #pause(kind) {
    if (this.#pace > 0) await setTimeout(PAUSE[kind] * this.#pace);
  }
}

function wrap(text, width) {
  const lines = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && line.length + 1 + word.length > width) {
        lines.push(line);
        line = '';
      }
      line = line === '' ? word : `${line} ${word}`;
    }
    lines.push(line);
  }
  return lines;
}
