import { byId, el } from './element.js';
import { showText, showValue } from './show-value.js';
import { clockTime, DECISIONS, OUTCOMES, whyWords } from './words.js';

/** Rows that stay on the page; older ones are in the log. */
const ROWS_MAX = 500;
/** Rows of what happened before the page was opened. */
const PAST_MAX = 50;
const STOPPED = new Set(['deny', 'step_up', 'defer']);

/** The list of what is decided, newest first. `select(workflow)` is called when a reader asks for a row's workflow. */
export class Stream {
  #api;
  #select;
  #rows = byId('stream');
  #latest = new Map();
  #tallies = new Map(Object.keys(DECISIONS).map((decision) => [decision, 0]));
  #held = [];
  #paused = false;

  constructor(api, select) {
    this.#api = api;
    this.#select = select;
    byId('search').oninput = () => this.#filter();
    byId('stopped').onclick = (event) => this.#toggle(event.currentTarget, () => this.#filter());
    byId('pause').onclick = (event) => this.#toggle(event.currentTarget, (pressed) => this.#pause(pressed));
    this.#showTallies();
  }

  add(event) {
    if (this.#paused) this.#hold(event);
    else this.#show(event);
  }

  /** What happened before the page was opened, as a workflow lists it: newest last. */
  addPast(workflow, actions) {
    for (const action of actions.slice(-PAST_MAX)) {
      if (this.#latest.has(action.id)) continue;
      const { id, at, agent, operation, decision, outcome } = action;
      const event = {
        type: 'action.decided',
        workflow,
        at,
        action: id,
        agent,
        operation,
        decision,
        reasons: [],
        text: '',
      };
      this.#show(event);
      if (outcome !== undefined) this.#markOutcome(id, outcome);
      void this.#explainPast(workflow, id);
    }
  }

  #show(event) {
    byId('stream-empty').hidden = true;
    if (event.type === 'action.completed' && this.#markOutcome(event.action, event.outcome)) return;
    const row = event.decision === undefined ? noteRow(event) : this.#decisionRow(event);
    row.hidden = !this.#matches(row);
    row.dataset.at = event.at;
    const older = [...this.#rows.children].find(({ dataset }) => Number(dataset.at) <= event.at);
    this.#rows.insertBefore(row, older ?? null);
    while (this.#rows.children.length > ROWS_MAX) this.#forget(this.#rows.lastElementChild);
  }

  #decisionRow({ workflow, at, agent, operation, action, decision, reasons, text }) {
    const { word, sign } = DECISIONS[decision];
    this.#tallies.set(decision, this.#tallies.get(decision) + 1);
    this.#showTallies();
    const more = el('div', { class: 'more' });
    const why = el('span', { class: 'why' }, showText(whyWords(reasons, text)));
    const outcome = el('span', { class: 'outcome' });
    const summary = el(
      'summary',
      {},
      el('time', { datetime: new Date(at).toISOString() }, clockTime(at)),
      el('span', { class: `badge ${decision}` }, el('span', { 'aria-hidden': 'true' }, sign), ` ${word}`),
      el('span', { class: 'what' }, el('b', {}, showText(agent ?? '')), ' ', el('code', {}, showText(operation ?? ''))),
      outcome,
      why,
    );
    const details = el(
      'details',
      { ontoggle: () => details.open && this.#explain(more, { workflow, action }) },
      summary,
      more,
    );
    const row = el('li', { class: 'row', 'data-decision': decision, 'data-action': action }, details);
    this.#latest.set(action, { row, outcome, why });
    return row;
  }

  #forget(row) {
    row.remove();
    if (this.#latest.get(row.dataset.action)?.row === row) this.#latest.delete(row.dataset.action);
  }

  #markOutcome(action, outcome) {
    const known = this.#latest.get(action);
    if (known === undefined) return false;
    known.outcome.textContent = OUTCOMES[outcome] ?? outcome;
    known.outcome.dataset.outcome = outcome;
    return true;
  }

  async #explainPast(workflow, action) {
    const { answer } = await this.#explanation(workflow, action).catch(() => ({ answer: { reasons: [] } }));
    this.#latest.get(action)?.why.replaceChildren(...showText(whyWords(answer.reasons)));
  }

  async #explain(more, { workflow, action }) {
    if (more.childElementCount > 0) return;
    const show = el(
      'button',
      { type: 'button', class: 'link', onclick: () => this.#select(workflow) },
      'Show its workflow',
    );
    try {
      more.replaceChildren(...explanationParts(await this.#explanation(workflow, action)), show);
    } catch (problem) {
      more.replaceChildren(el('p', { class: 'problem' }, problem.message), show);
    }
  }

  #explanation(workflow, action) {
    const query = new URLSearchParams({ workflow });
    return this.#api.get(`/v1/actions/${encodeURIComponent(action)}/explanation?${query}`);
  }

  #showTallies() {
    byId('tallies').replaceChildren(
      ...Object.entries(DECISIONS).map(([decision, { word, meaning }]) =>
        el(
          'li',
          { class: decision },
          el('b', {}, this.#tallies.get(decision)),
          el('span', {}, word),
          el('small', {}, meaning),
        ),
      ),
    );
  }

  #toggle(button, act) {
    const pressed = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(pressed));
    act(pressed);
  }

  #hold(event) {
    this.#held.push(event);
    if (this.#held.length > ROWS_MAX) this.#held.shift();
    byId('pause').textContent = `Go on (${this.#held.length} new)`;
  }

  #pause(paused) {
    this.#paused = paused;
    byId('pause').textContent = paused ? 'Go on' : 'Pause';
    for (const event of this.#held.splice(0)) this.add(event);
  }

  #filter() {
    for (const row of this.#rows.children) row.hidden = !this.#matches(row);
  }

  #matches(row) {
    const onlyStopped = byId('stopped').getAttribute('aria-pressed') === 'true';
    const wanted = byId('search').value.trim().toLowerCase();
    const stopped = STOPPED.has(row.dataset.decision);
    return (!onlyStopped || stopped) && row.textContent.toLowerCase().includes(wanted);
  }
}

function noteRow({ at, text }) {
  return el(
    'li',
    { class: 'row note' },
    el('time', { datetime: new Date(at).toISOString() }, clockTime(at)),
    el('span', { class: 'why' }, showText(text)),
  );
}

function explanationParts({ answer, action: { decided }, policies, seen }) {
  const changed = decided.input !== undefined && JSON.stringify(decided.input) !== JSON.stringify(decided.requested);
  return [
    part('What the agent asked for', showValue(decided.requested)),
    changed && part('What was executed', showValue(decided.input)),
    decided.resources.length > 0 &&
      part(
        'What it touches',
        decided.resources.map(({ type, id }) => el('p', {}, el('code', {}, showText(`${type} ${id}`)))),
      ),
    seen.labels.length > 0 &&
      part(
        'What its agent has read by now',
        el(
          'ul',
          { class: 'chips' },
          seen.labels.map((label) => el('li', {}, showText(label))),
        ),
      ),
    policies.length > 0 && part('Policies', policies.map(policyLine)),
    answer.hint !== undefined && part('What to do', el('p', {}, showText(answer.hint))),
    el('p', { class: 'hint' }, `decided on version ${seen.version} of the workflow, for ${decided.onBehalfOf}`),
  ].filter(Boolean);
}

function policyLine({ id, effect, title, unless, place }) {
  return el(
    'p',
    {},
    el('b', {}, effect === 'forbid' ? 'forbids: ' : 'permits: '),
    showText(title),
    unless === '' ? '' : el('span', {}, ' unless ', el('code', {}, showText(unless))),
    el('br'),
    el('code', { class: 'place' }, showText(`${id} · ${place}`)),
  );
}

function part(title, ...content) {
  return el('section', {}, el('h3', {}, title), ...content);
}
