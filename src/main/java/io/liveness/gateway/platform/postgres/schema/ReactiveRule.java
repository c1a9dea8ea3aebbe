package io.liveness.gateway.platform.postgres.schema;

import io.liveness.gateway.platform.postgres.DatabaseUnavailable;
import io.liveness.gateway.platform.start.StartRefused;
import io.quarkus.runtime.Startup;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Singleton;

/**
 * Stops the start when the reactive driver is refused where JDBC was let in, for example since its settings of TLS do not fit. A
 * database that went away meanwhile is waited for, not ready.
 */
@Startup(SchemaRule.BEFORE_THE_SCHEMA_IS_USED)
@Singleton
class ReactiveRule {

    ReactiveRule(Pool pool) {
        try {
            pool.query("select 1").execute().await().indefinitely();
        } catch (RuntimeException failure) {
            if (DatabaseUnavailable.behind(failure).isEmpty()) {
                throw new StartRefused(
                        "The database refuses quarkus.datasource.reactive.url and the settings beside it: "
                                + failure.getMessage());
            }
        }
    }
}
