/** The room of what callers are told: webhooks (Standard Webhooks), and a feed for callers that cannot receive them. */
package io.liveness.gateway.notify;
