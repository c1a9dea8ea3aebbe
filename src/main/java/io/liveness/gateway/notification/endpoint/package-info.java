/** Webhook endpoints of callers: their addresses, their secrets, and whether they receive. */
package io.liveness.gateway.notification.endpoint;
