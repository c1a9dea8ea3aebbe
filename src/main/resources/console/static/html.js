import htm from './lib/htm.module.js';
import { h } from './lib/preact.module.js';

export { Component, render } from './lib/preact.module.js';

export const html = htm.bind(h);
