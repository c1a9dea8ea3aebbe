// A file that is dropped anywhere on a page of bills.
import { address, go } from './route.js';

let waiting = null;

/** Keeps a file for the view that imports it. */
export const keep = (file) => (waiting = file);

export function taken() {
  const file = waiting;
  waiting = null;
  return file;
}

/** From now on a dropped file goes to onFile; onOver(true) while one is held over the page. Gives what ends that. */
export function onDrop(onFile, onOver = () => {}) {
  const over = (event) => {
    event.preventDefault();
    onOver(true);
  };
  const leave = (event) => event.relatedTarget ?? onOver(false);
  const drop = (event) => {
    event.preventDefault();
    onOver(false);
    const [file] = event.dataTransfer.files;
    if (file) onFile(file);
  };
  const listeners = { dragover: over, dragleave: leave, drop };
  Object.entries(listeners).forEach(([name, listener]) => addEventListener(name, listener));
  return () => Object.entries(listeners).forEach(([name, listener]) => removeEventListener(name, listener));
}

/** A dropped file leads to its import. */
export const onDropImport = () =>
  onDrop((file) => {
    keep(file);
    go(address('import'));
  });
