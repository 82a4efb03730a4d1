/** What codes mean to a person. */

export const DECISIONS = {
  allow: { word: 'Allowed', sign: '✓', meaning: 'ran as the agent asked' },
  modify: { word: 'Changed', sign: '✎', meaning: 'ran with something taken out or limited' },
  step_up: { word: 'Asks a person', sign: '?', meaning: 'waits until somebody approves' },
  defer: { word: 'Waits', sign: '…', meaning: 'waits for a fact or a delay' },
  deny: { word: 'Denied', sign: '✕', meaning: 'did not run' },
};

export const OUTCOMES = {
  succeeded: 'done',
  failed: 'failed',
  accepted: 'running there',
  unknown: 'outcome unknown',
};

const KINDS = {
  read: 'reads',
  create: 'creates',
  update: 'changes',
  delete: 'deletes',
  privilege: 'changes the rights of',
  communicate: 'sends',
  spend: 'spends on',
  execute: 'runs something on',
  isolate: 'cuts off',
};

const REVERSIBLE = {
  operation: 'can be undone',
  window: 'can be restored for a while',
  no: 'cannot be undone',
};

/** The effect of an action as one line, and whether a person should look twice. */
export function effectWords({ kind, count, reversible, external, privileged, amount }) {
  const things = count === 1 ? 'one thing' : `${count.toLocaleString('en')} things`;
  const parts = [`${KINDS[kind] ?? kind} ${things}`, REVERSIBLE[reversible] ?? reversible];
  if (amount)
    parts.push(`${(amount.minorUnits / 100).toLocaleString('en', { minimumFractionDigits: 2 })} ${amount.currency}`);
  if (external) parts.push('visible outside');
  if (privileged) parts.push('touches rights');
  return { words: parts.join(' · '), risky: reversible === 'no' || external || privileged };
}

export function clockTime(at) {
  return new Date(at).toLocaleTimeString('en-GB');
}

/** Time left, as `29:41`; hours and days in words. */
export function timeLeft(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1_000));
  if (seconds >= 172_800) return `${Math.floor(seconds / 86_400)} days`;
  if (seconds >= 7_200) return `${Math.floor(seconds / 3_600)} hours`;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** The plain sentences of an event or answer; `text` begins with the decision and operation, which are shown beside it. */
export function whyWords(reasons, text = '') {
  if (reasons.length > 0) return reasons.map(({ title }) => title).join(' ');
  const colon = text.indexOf(': ');
  return colon < 0 ? text : text.slice(colon + 2);
}
