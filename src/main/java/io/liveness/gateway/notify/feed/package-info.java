/** The events of a caller in order, for callers that cannot receive webhooks, and for what was not delivered. */
package io.liveness.gateway.notify.feed;
