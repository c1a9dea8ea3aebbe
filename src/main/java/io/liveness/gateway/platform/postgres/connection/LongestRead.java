package io.liveness.gateway.platform.postgres.connection;

import java.time.Duration;

/** How long a read over a separate connection may take. */
public interface LongestRead {

    /** The longest that such a connection is silent while its reader takes what was read. */
    Duration duration();
}
