package io.liveness.gateway.platform.postgres;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How the database is reached. */
@ConfigMapping(prefix = "liveness.database")
interface DatabaseConfig {

    /** Whether the way to a database on another host may be without TLS. */
    @WithDefault("false")
    boolean allowPlaintext();
}
