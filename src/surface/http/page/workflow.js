import { byId, el } from './element.js';
import { accessGraph } from './graph.js';
import { showText } from './show-value.js';
import { clockTime } from './words.js';

/** What one workflow has done so far; follows the newest one until the reader chooses. */
export class Workflow {
  #api;
  #shown;
  #chosen = false;

  constructor(api) {
    this.#api = api;
    byId('workflow-choice').onchange = (event) => this.select(event.currentTarget.value);
  }

  /** Lists the workflows, newest first, and shows one. Returns its detail, or undefined where there is none. */
  async refresh() {
    const { workflows } = await this.#api.get('/v1/workflows');
    const newest = workflows.toSorted((a, b) => b.lastEventAt - a.lastEventAt).slice(0, 100);
    if (!this.#chosen) this.#shown = newest[0]?.id;
    byId('workflow-choice').replaceChildren(
      ...newest.map(({ id, lastEventAt }) =>
        el('option', { value: id, selected: id === this.#shown }, `${shortId(id)} · ${clockTime(lastEventAt)}`),
      ),
    );
    byId('workflow-choice').hidden = newest.length === 0;
    byId('workflow-empty').hidden = newest.length > 0;
    return this.#shown === undefined ? undefined : this.#show(this.#shown);
  }

  async select(id) {
    this.#chosen = true;
    this.#shown = id;
    const detail = await this.refresh();
    byId('workflow-choice').focus();
    return detail;
  }

  refuse(message) {
    byId('workflow-empty').textContent = message;
    byId('workflow-choice').hidden = true;
  }

  async #show(id) {
    const detail = await this.#api.get(`/v1/workflows/${encodeURIComponent(id)}`);
    if (id === this.#shown) byId('workflow').replaceChildren(...parts(detail));
    return detail;
  }
}

function parts(detail) {
  const { mandate, onBehalfOf, openedAt, frozen, denied, held, actions, systems, labels, sessions, messages } = detail;
  const ran = actions.filter(({ state }) => state === 'completed').length;
  return [
    frozen && el('p', { class: 'frozen' }, 'Frozen: everything is denied until somebody lifts it.'),
    mandate === undefined
      ? el('p', { class: 'mandate' }, 'Opened without a mandate: no value counts as the user’s.')
      : el('blockquote', { class: 'mandate' }, showText(mandate)),
    el(
      'p',
      { class: 'hint' },
      'for ',
      el('b', {}, showText(onBehalfOf.id)),
      ` · since ${clockTime(openedAt)} · ${shortId(detail.id)}`,
    ),
    el(
      'ul',
      { class: 'figures' },
      figure(ran, 'ran'),
      figure(denied, 'denied'),
      figure(held, 'waiting'),
      figure(messages.length, 'handed on'),
    ),
    limitMeters(detail),
    actions.length > 0 && titled('Who reached for what', accessGraph(actions)),
    titled('Agents and what they have read', agentList(sessions)),
    systems.length > 0 && titled('Systems touched', chips(systems)),
    labels.length > 0 && titled('Data that the workflow carries', chips(labels, 'label')),
  ].filter(Boolean);
}

function agentList(sessions) {
  if (sessions.length === 0) return el('p', { class: 'hint' }, 'No agent has joined yet.');
  const names = new Map(sessions.map(({ id, agent }) => [id, agent]));
  return el(
    'ul',
    { class: 'agents' },
    sessions.map(({ agent, delegatedBy, revoked, labels, actions, denied }) =>
      el(
        'li',
        {},
        el('b', {}, showText(agent)),
        delegatedBy && el('span', { class: 'hint' }, ' sent by ', showText(names.get(delegatedBy) ?? delegatedBy)),
        revoked && el('span', { class: 'badge deny' }, 'revoked'),
        el('span', { class: 'hint' }, ` ${actions} allowed, ${denied} denied`),
        labels.length > 0 && chips(labels, 'label'),
      ),
    ),
  );
}

function limitMeters({ limits, counts, actions }) {
  const used = { ...counts, actions: actions.filter(({ decision }) => decision !== 'deny').length };
  const names = Object.keys(limits);
  if (names.length === 0) return false;
  return titled(
    'Limits',
    el(
      'ul',
      { class: 'limits' },
      names.map((name) => {
        const meter = { min: 0, max: Math.max(limits[name], 1), value: used[name] ?? 0, 'aria-label': `${name} used` };
        return el('li', {}, el('span', {}, `${name} ${used[name] ?? 0} of ${limits[name]}`), el('meter', meter));
      }),
    ),
  );
}

function figure(count, word) {
  return el('li', {}, el('b', {}, count), ` ${word}`);
}

function chips(names, kind = '') {
  return el(
    'ul',
    { class: `chips ${kind}` },
    names.map((name) => el('li', {}, showText(name))),
  );
}

function titled(title, ...content) {
  return el('section', {}, el('h3', {}, title), ...content);
}

function shortId(id) {
  return id.length > 12 ? `${id.slice(0, 11)}…` : id;
}
