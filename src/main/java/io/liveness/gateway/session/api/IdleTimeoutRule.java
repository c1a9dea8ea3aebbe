package io.liveness.gateway.session.api;

import io.liveness.gateway.platform.start.ConfigurationRule;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Nothing passes on a connection while a read waits: the server must not take it for an idle one. */
@Singleton
class IdleTimeoutRule implements ConfigurationRule {

    private static final String PROPERTY = "quarkus.http.idle-timeout";

    IdleTimeoutRule(@ConfigProperty(name = PROPERTY) Duration idle) {
        if (idle.toSeconds() <= SessionResource.MAX_WAIT_SECONDS) {
            throw new IllegalArgumentException(PROPERTY + " must be longer than " + SessionResource.MAX_WAIT_SECONDS
                    + "s, the longest waitSeconds; it is " + idle.toSeconds() + "s");
        }
    }
}
