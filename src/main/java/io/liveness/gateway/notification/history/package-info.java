/** What became of deliveries, for the owners of endpoints: lists, tests and replays. */
package io.liveness.gateway.notification.history;
