package io.liveness.gateway.retention.keys;

import io.liveness.gateway.platform.postgres.DatabaseUnavailable;
import io.liveness.gateway.platform.problem.ProblemException;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Stops the start when an encryption key is not configured that stored values need. It waits for the database. */
@Startup(RequireKeys.WHEN_THE_SCHEMA_IS_KNOWN)
@Singleton
class RequireKeys {

    /** After the check of the schema, and before the scheduler, whose priority is 0: a replica that lacks a key polls nothing. */
    static final int WHEN_THE_SCHEMA_IS_KNOWN = -100;

    private static final int DEEPEST_CAUSE = 10;
    private static final long BETWEEN_TRIES_MILLIS = 500;

    RequireKeys(KeysInUse keys) {
        while (!isChecked(keys)) {
            pause();
        }
    }

    /** Whether the database has answered. */
    private static boolean isChecked(KeysInUse keys) {
        try {
            keys.check();
            return true;
        } catch (DatabaseUnavailable | ProblemException away) {
            if (isOfCertificates(away)) {
                throw away;
            }
            return false;
        }
    }

    private static boolean isOfCertificates(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(DEEPEST_CAUSE)
                .anyMatch(GeneralSecurityException.class::isInstance);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(BETWEEN_TRIES_MILLIS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("Asked to stop while the database was away", e);
        }
    }
}
