package io.liveness.gateway.retention.keys;

import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * Stops the start when an encryption key is not configured that stored values need. No bean depends on this one: it waits for the database, and
 * an event loop that waited for this bean would never bring the answer.
 */
@Startup(RequireKeys.WHEN_THE_SCHEMA_IS_KNOWN)
@Singleton
class RequireKeys {

    /** After the check of the schema. */
    static final int WHEN_THE_SCHEMA_IS_KNOWN = 200;

    private static final Duration AT_MOST = Duration.ofSeconds(30);

    RequireKeys(KeysInUse keys) {
        keys.check().await().atMost(AT_MOST);
    }
}
