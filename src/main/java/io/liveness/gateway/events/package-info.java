/**
 * Tells callers what became of their sessions: by webhooks (Standard Webhooks), and by a feed for callers that cannot receive them. Knows
 * session ids, not sessions.
 */
package io.liveness.gateway.events;
