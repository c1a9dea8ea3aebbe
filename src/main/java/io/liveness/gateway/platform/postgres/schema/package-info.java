/** The schema: its migrations, and the check that this release fits it. */
package io.liveness.gateway.platform.postgres.schema;
