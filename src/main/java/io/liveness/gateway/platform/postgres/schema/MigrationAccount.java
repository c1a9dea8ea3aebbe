package io.liveness.gateway.platform.postgres.schema;

import io.liveness.gateway.platform.start.ConfigurationRule;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Stops the start when only half of the owner's account is given: migrations would silently run as the service's user. */
@Singleton
class MigrationAccount implements ConfigurationRule {

    private static final String USERNAME = "quarkus.flyway.username";
    private static final String PASSWORD = "quarkus.flyway.password";

    MigrationAccount(
            @ConfigProperty(name = USERNAME) Optional<String> username,
            @ConfigProperty(name = PASSWORD) Optional<String> password) {
        if (username.isPresent() != password.isPresent()) {
            throw new IllegalArgumentException(USERNAME + " and " + PASSWORD + " must be given together");
        }
    }
}
