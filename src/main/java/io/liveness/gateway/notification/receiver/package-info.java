/** How notifications are posted to receivers, and which receivers may be called. */
package io.liveness.gateway.notification.receiver;
