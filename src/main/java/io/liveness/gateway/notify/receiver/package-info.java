/** How webhooks are posted to receivers, and which receivers may be called. */
package io.liveness.gateway.notify.receiver;
