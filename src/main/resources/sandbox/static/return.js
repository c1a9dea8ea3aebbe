/** The return page: finds the session behind the token (or the id), asks the vendor at once, and follows it to the end. */
import { Problem, sessions } from './api.js';
import { $, byId, ready, sessionPage, showProblem, sleep } from './dom.js';
import { installLanguageSwitch } from './i18n.js';
import { isFinal, load, show } from './session-view.js';

const FIRST_PAUSE_MILLIS = 1_000;
const LONGEST_PAUSE_MILLIS = 10_000;

const query = new URLSearchParams(location.search);
const token = query.get('token');
const hint = query.get('passed');
let id = query.get('session');
if (token) history.replaceState(null, '', location.pathname);

const problemBox = $('problem');
const check = () => sessions('POST', `/${encodeURIComponent(id)}/check`);

async function find() {
  const { answer } = await sessions('POST', '/lookup', { body: { token } });
  id = answer.id;
  history.replaceState(null, '', sessionPage(id));
  await check().catch(() => {}); // the gateway asks again by its own timetable
}

async function look() {
  const view = await load(id);
  show(view, hint);
  problemBox.hidden = true;
  byId('finding').hidden = true;
  ready();
  return isFinal(view.session);
}

/** Until the session is final; an answer that will not change by waiting ends it too. */
async function follow() {
  byId('again').hidden = true;
  for (let pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(pause * 1.3, LONGEST_PAUSE_MILLIS)) {
    try {
      if (!id) await find();
      if (await look()) return;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      const lasting = problem.status >= 400 && problem.status < 500 && problem.status !== 429;
      byId('finding').hidden = true;
      byId('again').hidden = !lasting;
      showProblem(problemBox, problem, { next: !lasting ? 'next.read' : problem.status === 404 ? 'next.not-found' : 'next.reload' });
      ready();
      if (lasting) return;
    }
    await sleep(pause);
  }
}

installLanguageSwitch(byId('language'));
byId('again').addEventListener('click', follow);
byId('ask').addEventListener('click', async ({ currentTarget: button }) => {
  button.disabled = true;
  await check().then(look).catch(() => {}); // following goes on and tells of a problem that stays
  button.disabled = false;
});

if (token || id) {
  follow();
} else {
  byId('finding').hidden = true;
  byId('nothing').hidden = false;
  ready();
}
