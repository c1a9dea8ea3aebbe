/** Connections to PostgreSQL: addresses, TLS, timeouts and pools. */
package io.liveness.gateway.platform.postgres.connection;
