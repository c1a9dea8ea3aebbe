// Prints a line for each object of a JSON array that breaks its schema. The array is a file, the one argument.
import { readFileSync } from 'node:fs';

const PACKAGES = {
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
  'external-secrets.io': '@kubernetes-models/external-secrets',
};

async function broken({ apiVersion, kind, ...rest }) {
  const group = apiVersion.split('/')[0];
  try {
    const models = await import(`${PACKAGES[group] ?? 'kubernetes-models'}/${apiVersion}`);
    new models[kind](rest).validate();
    return [];
  } catch (e) {
    return [`${kind} ${rest.metadata?.name}: ${e.message}`];
  }
}

const objects = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const lines = (await Promise.all(objects.map(broken))).flat();
console.log(lines.join('\n'));
process.exitCode = lines.length > 0 ? 1 : 0;
