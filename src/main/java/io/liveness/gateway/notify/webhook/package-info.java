/** Webhook endpoints, the delivery of events to them, its history, and replays. */
package io.liveness.gateway.notify.webhook;
