import { Api } from './api.js';
import { Approvals } from './approvals.js';
import { byId } from './element.js';
import { forgetKey, keepKey, readKey } from './key.js';
import { Stream } from './stream.js';
import { Workflow } from './workflow.js';

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 15_000;
/** Events come in bursts; what is read again because of them waits this long for more. */
const SETTLE_MS = 250;
const APPROVALS_EVERY_MS = 15_000;

function showState(state, text) {
  byId('state').dataset.state = state;
  byId('state-text').textContent = text;
}

function askForKey(problem) {
  showState('off', 'Not connected');
  byId('live').hidden = true;
  byId('leave').hidden = true;
  byId('enter').hidden = false;
  byId('enter-problem').textContent = problem;
  byId('key').focus();
}

/** Shows everything that the key may see, until it is refused. */
async function watch(key) {
  const api = new Api(key);
  const workflow = new Workflow(api);
  const approvals = new Approvals(api);
  const stream = new Stream(api, async (id) => stream.addPast(id, (await workflow.select(id)).actions));
  byId('enter').hidden = true;
  byId('live').hidden = false;
  byId('leave').hidden = false;
  showState('wait', 'Connecting');

  const refresh = async () => {
    const [detail] = await Promise.all([
      optional(workflow, 'This key may not see workflows.'),
      optional(approvals, 'This key may not see approvals.'),
    ]);
    return detail;
  };
  // Where the gateway cannot be reached the stream says so; a key that was taken back may be noticed here first.
  const refreshSoon = settled(() => refresh().catch(leaveIfRefused), SETTLE_MS);
  setInterval(refreshSoon, APPROVALS_EVERY_MS);

  for (let retryMs = FIRST_RETRY_MS; ; retryMs = Math.min(2 * retryMs, LAST_RETRY_MS)) {
    try {
      for await (const event of api.events()) {
        if (event.type === 'connected') {
          retryMs = FIRST_RETRY_MS;
          const detail = await refresh();
          if (detail !== undefined) stream.addPast(detail.id, detail.actions);
          showState('on', 'Live');
        } else {
          stream.add(event);
          refreshSoon();
        }
      }
    } catch (problem) {
      leaveIfRefused(problem);
      if (problem.status === 401) return;
      if (problem.status === 403) {
        refreshSoon();
        showState('on', 'Connected, without the live stream');
        byId('stream-empty').textContent = 'This key may not watch the stream: it takes the right to administer.';
        return;
      }
    }
    showState('wait', 'Reconnecting');
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
}

/** A part that the key may not see says so; the rest of the page works. */
async function optional(part, refusal) {
  try {
    return await part.refresh();
  } catch (problem) {
    if (problem.status !== 403) throw problem;
    part.refuse(refusal);
  }
}

/** Calls once after the last burst began `delayMs` ago, however often it is asked. */
function settled(act, delayMs) {
  let waits = false;
  return () => {
    if (waits) return;
    waits = true;
    setTimeout(() => {
      waits = false;
      act();
    }, delayMs);
  };
}

/** Forgets the key and starts over, so that nothing of it stays in memory; the next start says why. */
function leave(problem = '') {
  forgetKey();
  sessionStorage.setItem('interlock-problem', problem);
  location.reload();
}

function leaveIfRefused(problem) {
  if (problem.status === 401) leave(`${problem.message} ${problem.hint}`);
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  sessionStorage.setItem('interlock-theme', theme);
  byId('theme').textContent = theme === 'dark' ? 'Light' : 'Dark';
}

function start() {
  const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  setTheme(sessionStorage.getItem('interlock-theme') ?? system);
  byId('theme').onclick = () => setTheme(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark');
  byId('leave').onclick = () => leave();
  byId('enter-form').onsubmit = (event) => {
    event.preventDefault();
    keepKey(byId('key').value.trim());
    location.reload();
  };
  addEventListener('hashchange', () => location.hash.startsWith('#key=') && location.reload());
  const key = readKey();
  const problem = sessionStorage.getItem('interlock-problem') ?? '';
  sessionStorage.removeItem('interlock-problem');
  if (key === null || key === '') askForKey(problem);
  else void watch(key);
}

start();
