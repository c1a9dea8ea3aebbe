/** Delivers events to webhook endpoints: leases what is due, posts it, and records how it went. */
package io.liveness.gateway.notification.delivery;
