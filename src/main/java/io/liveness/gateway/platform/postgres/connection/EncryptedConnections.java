package io.liveness.gateway.platform.postgres.connection;

import io.liveness.gateway.platform.start.ConfigurationRule;
import jakarta.inject.Singleton;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.eclipse.microprofile.config.Config;

/** Stops the start when data would be sent to another host without TLS. */
@Singleton
class EncryptedConnections implements ConfigurationRule {

    private static final String ALLOW = "liveness.database.allow-plaintext";
    private static final String REACTIVE_URL = "quarkus.datasource.reactive.url";
    private static final String REACTIVE_MODE = "quarkus.datasource.reactive.postgresql.ssl-mode";
    private static final String JDBC_MODE = "quarkus.datasource.jdbc.additional-jdbc-properties.sslmode";
    private static final String IN_THE_ADDRESS = "add sslmode=verify-full to its query";
    /** Between addresses of a list; between the hosts of one address the comma has no scheme behind it. */
    private static final String NEXT_ADDRESS = ",(?=\\s*(?i:(vertx-reactive:)?postgres(ql)?:))";

    private final Config configuration;
    private final Set<String> refused = new LinkedHashSet<>();

    EncryptedConnections(Config configuration, DatabaseConfig config) {
        this.configuration = configuration;
        if (config.allowPlaintext()) {
            return;
        }
        // The reactive driver's property overrides the address; with JDBC the address overrides the property.
        Optional<String> reactive = given(REACTIVE_MODE);
        check(REACTIVE_URL, address -> reactive.or(address::sslMode), "set " + REACTIVE_MODE + "=verify-full");
        // The address to listen at overrides the datasource's mode, as SignalAddresses does.
        Optional<String> datasource = reactive.or(() -> given(REACTIVE_URL)
                .flatMap(urls ->
                        DatabaseAddress.parse(urls.split(NEXT_ADDRESS)[0]).sslMode()));
        check("liveness.signals.url", address -> address.sslMode().or(() -> datasource), IN_THE_ADDRESS);
        // Flyway's connection as another user lacks the datasource's properties.
        Optional<String> jdbc = given("quarkus.flyway.username").isPresent() ? Optional.empty() : given(JDBC_MODE);
        check("quarkus.datasource.jdbc.url", address -> address.jdbcSslMode().or(() -> jdbc), IN_THE_ADDRESS);
        check("quarkus.flyway.jdbc-url", DatabaseAddress::jdbcSslMode, IN_THE_ADDRESS);
        if (!refused.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", refused));
        }
    }

    private void check(String property, Function<DatabaseAddress, Optional<String>> mode, String remedy) {
        for (String url : given(property).orElse("").split(NEXT_ADDRESS)) {
            DatabaseAddress address = DatabaseAddress.parse(url);
            if (mode.apply(address).filter(DatabaseAddress::encrypts).isEmpty()) {
                address.remoteHost().ifPresent(host -> refuse(property, host, remedy));
            }
        }
    }

    private Optional<String> given(String property) {
        return configuration.getOptionalValue(property, String.class);
    }

    private void refuse(String property, String host, String remedy) {
        refused.add(property + " leads to " + host + ", which is another host, without TLS: " + remedy + ", or " + ALLOW
                + "=true where the network itself is trusted");
    }
}
