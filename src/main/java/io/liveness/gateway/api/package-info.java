/** The HTTP resource of sessions, its queries and its views. */
package io.liveness.gateway.api;
