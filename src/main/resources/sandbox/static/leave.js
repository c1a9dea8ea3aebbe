/** How the vendor's page leaves at the end: each returnUrl prefix in its own way. */
import { mask } from './dom.js';

const WEB = /^https?:\/\//i;
const HARMFUL = /^(javascript|data|file|blob|vbscript):/i;

/** Adds the result to the query, before a fragment, without touching what is there. */
export function withResult(url, token, passed) {
  const [, address, fragment] = /^([^#]*)(#.*)?$/s.exec(url);
  const joint = !address.includes('?') ? '?' : /[?&]$/.test(address) ? '' : '&';
  return `${address}${joint}token=${encodeURIComponent(token)}&passed=${passed}${fragment ?? ''}`;
}

/**
 * Leaves the page, or calls the mini program or app around it.
 * Answers nothing when the browser is on its way, else the host call: {kind, text, called}.
 */
export function leave(returnUrl, token, passed) {
  const hidden = (text) => text.replaceAll(encodeURIComponent(token), mask(token));
  const [prefix, rest] = split(returnUrl);
  switch (prefix) {
    case 'plain':
      location.href = withResult(rest, token, passed);
      return undefined;
    case 'replace':
      location.replace(withResult(rest, token, passed));
      return undefined;
    case 'wx.redirect': {
      const url = withResult(rest, token, passed);
      const called = call(window.wx?.miniProgram, 'redirectTo', { url });
      return { kind: 'miniprogram', called, text: `wx.miniProgram.redirectTo ${JSON.stringify({ url: hidden(url) })}` };
    }
    case 'wx.history':
      return { kind: 'miniprogram', called: call(window.wx?.miniProgram, 'navigateBack'), text: 'wx.miniProgram.navigateBack' };
    case 'app': {
      const called = call(window.handleLive, rest, token) || call(window.webkit?.messageHandlers?.[rest], 'postMessage', token) || call(window, rest, token);
      return { kind: 'app', called, text: `${rest}("${mask(token)}")` };
    }
    case 'scheme': {
      const address = withResult(rest, token, passed);
      try {
        location.href = address;
      } catch {
        // nothing on this machine opens it: the panel shows the address
      }
      return { kind: 'scheme', called: false, text: hidden(address) };
    }
    default:
      return { kind: 'refused', called: false, text: returnUrl };
  }
}

function split(returnUrl) {
  if (WEB.test(returnUrl)) return ['plain', returnUrl];
  if (returnUrl === 'wx.history') return ['wx.history'];
  const [, prefix, rest] = /^(replace|wx\.redirect|app|scheme): ?(.+)$/s.exec(returnUrl) ?? [];
  if (prefix === 'replace' && !WEB.test(rest)) return [];
  if (prefix === 'scheme' && HARMFUL.test(rest)) return [];
  return [prefix, rest];
}

function call(host, name, ...values) {
  if (typeof host?.[name] !== 'function') return false;
  host[name](...values);
  return true;
}
