package io.liveness.gateway.retention.keys;

import io.liveness.gateway.platform.postgres.DatabaseUnavailable;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * Stops the start when an encryption key is not configured that stored values need. No bean depends on this one: it waits for the database, and
 * an event loop that waited for this bean would never bring the answer.
 */
@Startup(RequireKeys.WHEN_THE_SCHEMA_IS_KNOWN)
@Singleton
class RequireKeys {

    /** After the check of the schema, and before the scheduler, whose priority is 0: a replica that lacks a key polls nothing. */
    static final int WHEN_THE_SCHEMA_IS_KNOWN = -100;

    private static final int DEEPEST_CAUSE = 10;
    private static final Duration FROM = Duration.ofMillis(200);
    private static final Duration TO = Duration.ofSeconds(2);

    RequireKeys(KeysInUse keys) {
        keys.check()
                .onFailure(failure -> DatabaseUnavailable.behind(failure).isPresent() && !isOfCertificates(failure))
                .retry()
                .withBackOff(FROM, TO)
                .indefinitely()
                .await()
                .indefinitely();
    }

    private static boolean isOfCertificates(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(DEEPEST_CAUSE)
                .anyMatch(GeneralSecurityException.class::isInstance);
    }
}
