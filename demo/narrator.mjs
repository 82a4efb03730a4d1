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
const PAUSE = { heading: 500, line: 220, change: 250, denial: 650 };

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
    this.#print('', pc.bold(title), ...this.#wrapped(text, 2), '');
    await this.#pause('heading');
  }

  /** `note` says in a few words what came of it. */
  async decision(agent, operation, { decision, reasons }, note = '') {
    await this.#line({ agent, operation, decision, note });
    if (decision === 'allow') return;
    const isChange = decision === 'modify';
    for (const { title } of reasons) this.#print(...this.#wrapped(title, INDENT, isChange ? pc.dim : String));
    await this.#pause(isChange ? 'change' : 'denial');
  }

  /** A call that never became an action: who asks is not who it says. */
  async refused(agent, operation, { title }, note) {
    await this.#line({ agent, operation, decision: 'refused', note });
    this.#print(...this.#wrapped(title, INDENT));
    await this.#pause('denial');
  }

  async message(from, to, text) {
    const [first = '', ...rest] = this.#wrapped(`to ${to}: “${text}”`, INDENT, pc.dim);
    this.#print(`  ${from.padEnd(COLUMNS.agent)}${first.trimStart()}`, ...rest);
    await this.#pause('line');
  }

  /** What to notice about the decision above. */
  async remark(text) {
    this.#print(...this.#wrapped(text, INDENT, pc.yellow));
    await this.#pause('denial');
  }

  /** Words of somebody else: set apart, because they are not ours. */
  async quote(text) {
    const bar = `    ${pc.dim('│')} `;
    this.#print('', ...this.#wrapped(text, 6, pc.italic).map((line) => bar + line.trimStart()), '');
    await this.#pause('denial');
  }

  waits(approval) {
    const how =
      'It waits for you. See what exactly would be executed, then approve or deny it: on the live page, whose ' +
      'address stands at the top, or in another terminal, with the variables from there:';
    const [first = '', ...rest] = this.#wrapped(how, 2);
    const command = `    npx interlock approvals approve ${approval} --reason agreed`;
    this.#print(
      '',
      first.replace('It waits for you.', pc.bold(pc.yellow('It waits for you.'))),
      ...rest,
      '',
      command,
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

  #print(...lines) {
    this.#out.write(`${lines.join('\n')}\n`);
  }

  #wrapped(text, indent, paint = String) {
    return wrap(text, this.#width - indent).map((line) => ' '.repeat(indent) + paint(line));
  }

  async #pause(kind) {
    if (this.#pace > 0) await setTimeout(PAUSE[kind] * this.#pace);
  }
}

/** Lines of at most `width` characters. Whoever wrote it: no control character reaches the terminal. */
function wrap(text, width) {
  const lines = [];
  let line = '';
  for (const word of text.replaceAll(/\p{C}/gu, ' ').split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
