/** The imitated capture page of the vendor: camera, prompts, flash; the person chooses the verdict. */
import { Problem, sandbox } from './api.js';
import { $, byId, el, ready, sleep } from './dom.js';
import { currentLanguage, installLanguageSwitch, say, t } from './i18n.js';
import { leave, withResult } from './leave.js';

const PROMPT_MILLIS = 1_500;
/** Slow enough to stay under three flashes a second. */
const COLOUR_MILLIS = 650;
const COLOURS = ['red', 'green', 'blue', 'white'];
const VERDICTS = ['passed', 'not-passed', 'failed'];

const token = new URLSearchParams(location.search).get('token') ?? '';
const path = `/checks/${encodeURIComponent(token)}`;
const video = $('camera-preview');
const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
let check;

function showStep(step) {
  for (const section of document.querySelectorAll('[data-step]')) section.hidden = !section.dataset.step.split(' ').includes(step);
  document.querySelector(`[data-step~="${step}"] h2`)?.focus();
}

function tell(key) {
  byId('message').hidden = !key;
  if (key) say(byId('message'), key);
}

// The camera --------------------------------------------------------------------------------------------------------

async function startCamera() {
  if (!navigator.mediaDevices) return isSecureContext ? 'capture.missing' : 'capture.insecure';
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: 'user', width: { ideal: 640 }, height: { ideal: 640 } } });
    await video.play();
    return undefined;
  } catch (refusal) {
    stopCamera();
    return refusal.name === 'NotAllowedError' ? 'capture.refused' : 'capture.missing';
  }
}

function stopCamera() {
  video.srcObject?.getTracks().forEach((track) => track.stop());
  video.srcObject = null;
}

// The check ---------------------------------------------------------------------------------------------------------

async function run() {
  $('start-check').disabled = true;
  const trouble = await startCamera();
  $('start-check').disabled = false;
  if (trouble) {
    tell(trouble);
    say($('start-check'), 'capture.again');
    showStep('trouble');
    return;
  }
  tell();
  showStep('prompts');
  const prompts = check.actions.length ? check.actions : ['Still'];
  setProgress(0, 0);
  for (const [index, action] of prompts.entries()) {
    showPrompt(action);
    setProgress((index + 1) / prompts.length, PROMPT_MILLIS);
    await sleep(PROMPT_MILLIS);
  }
  if (check.antiCameraHack && !calm) await flash();
  showStep('verdict');
}

function showPrompt(action) {
  $('prompt').dataset.action = action;
  byId('face').dataset.action = action;
  say(byId('prompt-text'), `action.${action}`);
  showOtherLanguage();
}

/** The prompt once more in the language not chosen, as both are at home here. */
function showOtherLanguage() {
  const other = currentLanguage() === 'zh' ? 'en' : 'zh';
  byId('prompt-other').lang = other;
  if ($('prompt').dataset.action) byId('prompt-other').textContent = t(`action.${$('prompt').dataset.action}`, {}, other);
}

function setProgress(share, millis) {
  const ring = byId('progress');
  ring.style.transitionDuration = `${calm ? 0 : millis}ms`;
  ring.getBoundingClientRect(); // so that the ring starts from where it is
  ring.style.strokeDashoffset = String(1 - share);
}

async function flash() {
  showPrompt('Flash');
  $('flash').hidden = false;
  for (const colour of COLOURS) {
    $('flash').dataset.colour = colour;
    await sleep(COLOUR_MILLIS);
  }
  $('flash').hidden = true;
}

// The end -----------------------------------------------------------------------------------------------------------

async function finish(verdict) {
  stopCamera();
  tell('capture.leaving');
  showStep('leaving');
  try {
    const { returnUrl, passed } = await sandbox('POST', `${path}/finish`, { body: { verdict } });
    const hostCall = leave(returnUrl, token, passed);
    if (hostCall) showHost(hostCall, passed);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (await load().catch(() => true)) {
      tell('capture.unsent');
      showStep('verdict');
    }
  }
}

function showHost({ kind, called, text }, passed) {
  tell();
  showStep('host');
  say(byId('host-note'), called ? 'host.called' : `host.${kind}`);
  $('host-call').dataset.called = String(called);
  $('host-call').textContent = text;
  byId('host-continue').href = withResult('/return.html', token, passed);
}

/** Reads the check; false when it cannot be made (any more), which is then shown. */
async function load() {
  check = await sandbox('GET', path);
  if (check.state === 'OPEN') return true;
  tell(`capture.${check.state}`);
  showStep('ended');
  return false;
}

async function begin() {
  byId('again').hidden = true;
  try {
    if (await load()) {
      tell();
      showIntro();
      showStep('intro');
    }
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    const unknown = problem.status >= 400 && problem.status < 500;
    tell(unknown ? 'capture.unknown' : 'capture.unreachable');
    byId('again').hidden = unknown;
    showStep('ended');
  }
  ready();
}

function showIntro() {
  byId('plan').replaceChildren(...(check.actions.length ? check.actions : ['Still']).map((action) => el('li', { t: `action.${action}` })));
  byId('mutex').hidden = !check.actionMutex || !check.actions.length;
  byId('warning').hidden = !check.antiCameraHack;
  say(byId('warning'), calm ? 'capture.noflash' : 'capture.warning');
  byId('scenario').hidden = !check.title?.startsWith('sandbox:');
  if (!check.title) return;
  for (const node of [byId('title'), document.querySelector('title')]) {
    delete node.dataset.t;
    node.textContent = check.title;
  }
}

for (const verdict of VERDICTS) $(`verdict-${verdict}`).addEventListener('click', () => finish(verdict));
$('start-check').addEventListener('click', run);
byId('again').addEventListener('click', begin);
addEventListener('pagehide', stopCamera);
installLanguageSwitch(byId('language'), showOtherLanguage);
begin();
