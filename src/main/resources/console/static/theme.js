// Light, dark, or as the system has it. Kept in the browser; nothing else is.
const KEY = 'console-theme';

export const themes = ['auto', 'light', 'dark'];

export function theme() {
  const kept = localStorage.getItem(KEY);
  return themes.includes(kept) ? kept : 'auto';
}

export function setTheme(chosen) {
  localStorage.setItem(KEY, chosen);
  applyTheme();
}

export function applyTheme() {
  if (theme() === 'auto') {
    document.documentElement.removeAttribute('data-theme');
  } else {
    document.documentElement.setAttribute('data-theme', theme());
  }
  dispatchEvent(new Event('themechange'));
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => dispatchEvent(new Event('themechange')));
