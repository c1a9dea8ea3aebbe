/// <reference lib="dom" preserve="true" />
export * from './runtime.js';
export * from './apis/index.js';
export * from './models/index.js';
export * from './gateway.js';
export { WebhookVerificationError } from 'standardwebhooks';
