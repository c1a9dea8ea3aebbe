package io.liveness.gateway.platform.postgres.schema;

import io.quarkus.flyway.FlywayConfigurationCustomizer;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** Stops the start when only half of the owner's account is given: migrations would silently run as the service's user. */
@Startup
@Singleton
class MigrationAccount implements FlywayConfigurationCustomizer {

    private static final String USERNAME = "quarkus.flyway.username";
    private static final String PASSWORD = "quarkus.flyway.password";

    MigrationAccount(
            @ConfigProperty(name = USERNAME) Optional<String> username,
            @ConfigProperty(name = PASSWORD) Optional<String> password) {
        if (username.isPresent() != password.isPresent()) {
            throw new IllegalArgumentException(USERNAME + " and " + PASSWORD + " must be given together");
        }
    }

    /** Changes nothing; that Flyway asks for this makes it known before the first connection. */
    @Override
    public void customize(FluentConfiguration configuration) {}
}
