/** PostgreSQL as the service uses it: statements, and the database's clock. */
package io.liveness.gateway.platform.postgres;
