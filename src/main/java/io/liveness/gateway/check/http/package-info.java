/** The HTTP resources of sessions and of their events, with queries and views. */
package io.liveness.gateway.check.http;
