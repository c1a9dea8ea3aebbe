/** Shows operations how deliveries go. */
package io.liveness.gateway.notification.watch;
