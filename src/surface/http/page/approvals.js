import { byId, el } from './element.js';
import { showText, showValue } from './show-value.js';
import { effectWords, timeLeft } from './words.js';

/** The actions that wait for a person. A card stays the same element while it waits, so that nothing typed is lost. */
export class Approvals {
  #api;
  #cards = new Map();

  constructor(api) {
    this.#api = api;
    setInterval(() => this.#count(), 1_000);
  }

  async refresh() {
    const { approvals } = await this.#api.get('/v1/approvals');
    const waiting = new Set(approvals.map(({ id }) => id));
    for (const [id, { node, answered }] of this.#cards) {
      if (waiting.has(id) || answered) continue;
      node.remove();
      this.#cards.delete(id);
    }
    for (const approval of approvals) {
      if (this.#cards.has(approval.id)) continue;
      const card = this.#card(approval);
      this.#cards.set(approval.id, card);
      byId('approvals-list').append(card.node);
      byId('approvals-news').textContent =
        `${approval.agent} asks to run ${approval.operation}. It waits for an answer.`;
    }
    this.#count();
  }

  refuse(message) {
    byId('approvals-empty').textContent = message;
  }

  #count() {
    let waiting = 0;
    for (const { expiresAt, countdown, answered, node } of this.#cards.values()) {
      if (answered) continue;
      const left = expiresAt - Date.now();
      countdown.textContent = left > 0 ? timeLeft(left) : 'expired';
      node.dataset.urgent = String(left < 120_000);
      if (left > 0) waiting++;
    }
    byId('approvals-count').textContent = String(waiting);
    byId('approvals-count').dataset.waiting = String(waiting > 0);
    byId('approvals-empty').hidden = this.#cards.size > 0;
    document.title = waiting === 0 ? 'Interlock' : `(${waiting}) Interlock`;
  }

  #card(approval) {
    const countdown = el('span', { class: 'countdown', role: 'timer', 'aria-label': 'Time left to answer' });
    const { words, risky } = effectWords(approval.effect);
    const card = { node: undefined, expiresAt: approval.expiresAt, countdown, answered: false };
    card.node = el(
      'article',
      { class: 'card', 'aria-label': `${approval.agent} asks to run ${approval.operation}` },
      el('div', { class: 'card-head' }, el('h3', {}, el('code', {}, showText(approval.operation))), countdown),
      el(
        'p',
        {},
        el('b', {}, showText(approval.agent)),
        ' asks, on behalf of ',
        el('b', {}, showText(approval.onBehalfOf)),
      ),
      el('p', { class: risky ? 'effect risky' : 'effect' }, `It ${words}.`),
      section('What will be executed, exactly', showValue(approval.input)),
      section(
        'What it touches',
        approval.resources.map(({ type, id }) => el('p', {}, el('code', {}, showText(`${type} ${id}`)))),
      ),
      section(
        'Why a person is asked',
        approval.reasons.map(({ title }) => el('p', {}, showText(title))),
      ),
      approval.mandate &&
        section('What the user had asked for', el('p', { class: 'text' }, showText(approval.mandate))),
      this.#form(approval, card),
      el(
        'p',
        { class: 'hint' },
        `Answered by a member of ${approval.group}. Digest `,
        el('code', {}, approval.digest.slice(7, 19)),
      ),
    );
    return card;
  }

  #form(approval, card) {
    const field = `reason-${approval.id}`;
    const reason = el('textarea', {
      id: field,
      rows: '2',
      required: true,
      maxlength: '1000',
      placeholder: 'A few words; they are recorded',
    });
    const problem = el('p', { class: 'problem', role: 'alert' });
    const buttons = [
      el('button', { type: 'submit', class: 'danger', value: 'deny' }, 'Deny'),
      el('button', { type: 'submit', class: 'primary', value: 'approve' }, 'Approve'),
    ];
    const submit = async (event) => {
      event.preventDefault();
      const answer = event.submitter?.value;
      if (answer !== 'approve' && answer !== 'deny') return;
      for (const button of buttons) button.disabled = true;
      try {
        await this.#api.post(`/v1/approvals/${encodeURIComponent(approval.id)}`, { answer, reason: reason.value });
        this.#close(card, answer === 'approve' ? 'You approved it.' : 'You denied it.');
      } catch (error) {
        problem.textContent = `${error.message} ${error.hint ?? ''}`;
        for (const button of buttons) button.disabled = false;
      }
    };
    return el(
      'form',
      { class: 'answer', onsubmit: submit },
      el('label', { for: field }, 'Your reason'),
      reason,
      problem,
      el('div', { class: 'buttons' }, buttons),
    );
  }

  /** Says what was answered, then leaves with the next refresh. */
  #close(card, words) {
    card.answered = true;
    card.node.replaceChildren(el('p', { class: 'done' }, words));
    byId('approvals-news').textContent = words;
    byId('approvals').focus();
    setTimeout(() => {
      card.answered = false;
      void this.refresh().catch(() => this.#count());
    }, 4_000);
  }
}

function section(title, ...content) {
  return el('section', {}, el('h4', {}, title), ...content);
}
