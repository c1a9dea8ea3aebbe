package io.liveness.gateway.platform.postgres.connection;

import io.liveness.gateway.platform.security.Loopback;
import io.liveness.gateway.platform.start.ConfigurationRule;
import io.vertx.pgclient.PgConnectOptions;
import jakarta.inject.Singleton;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.eclipse.microprofile.config.Config;
import org.postgresql.Driver;

/** Stops the start when data would be sent to another host without TLS. */
@Singleton
class EncryptedConnections implements ConfigurationRule {

    private static final String ALLOW = "liveness.database.allow-plaintext";
    private static final String REACTIVE_URL = "quarkus.datasource.reactive.url";
    private static final String REACTIVE_MODE = "quarkus.datasource.reactive.postgresql.ssl-mode";
    private static final String JDBC_URL = "quarkus.datasource.jdbc.url";
    private static final String JDBC_MODE = "quarkus.datasource.jdbc.additional-jdbc-properties.sslmode";
    private static final String BATCH_URL = "quarkus.datasource.batch.jdbc.url";
    private static final String BATCH_MODE = "quarkus.datasource.batch.jdbc.additional-jdbc-properties.sslmode";
    private static final String IN_THE_ADDRESS = "add sslmode=verify-full to its query";
    /** The comma between addresses of a list; between the hosts of one address the comma has no scheme behind it. */
    private static final String NEXT_ADDRESS = ",(?=\\s*(?i:(vertx-reactive:)?postgres(ql)?:))";

    /**
     * A connection in one of these modes is not made without TLS; in the others, {@code prefer} included, it may be.
     */
    private static final Set<String> ENCRYPTED = Set.of("require", "verify-ca", "verify-full");

    private final Config configuration;
    private final Set<String> refused = new LinkedHashSet<>();

    EncryptedConnections(Config configuration, PostgresConnections.ConnectionLimits config) {
        this.configuration = configuration;
        if (config.allowPlaintext()) {
            return;
        }
        // The reactive driver's property overrides the address; with JDBC the address overrides the property.
        Optional<String> reactive = given(REACTIVE_MODE);
        reactive(REACTIVE_URL, mode -> reactive.or(() -> mode), "set " + REACTIVE_MODE + "=verify-full");
        // The address to listen at overrides the datasource's mode, as PostgresConnections.SignalAddresses does.
        Optional<String> datasource = reactive.or(() -> given(REACTIVE_URL)
                .flatMap(urls -> Address.reactive(urls.split(NEXT_ADDRESS)[0]).mode()));
        reactive("liveness.signals.url", mode -> mode.or(() -> datasource), IN_THE_ADDRESS);
        // Flyway's connection as another user lacks the datasource's properties.
        Optional<String> jdbc = given("quarkus.flyway.username").isPresent() ? Optional.empty() : given(JDBC_MODE);
        jdbc(JDBC_URL, mode -> mode.or(() -> jdbc));
        // The batch lane has the same address unless it is set apart.
        jdbc(given(BATCH_URL).equals(given(JDBC_URL)) ? JDBC_URL : BATCH_URL, mode -> mode.or(() -> given(BATCH_MODE)));
        jdbc("quarkus.flyway.jdbc-url", mode -> mode);
        if (!refused.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", refused));
        }
    }

    private void reactive(String property, UnaryOperator<Optional<String>> mode, String remedy) {
        for (String url : given(property).map(all -> all.split(NEXT_ADDRESS)).orElse(new String[0])) {
            check(property, Address.reactive(url), mode, remedy);
        }
    }

    private void jdbc(String property, UnaryOperator<Optional<String>> mode) {
        given(property).ifPresent(url -> check(property, Address.jdbc(url), mode, IN_THE_ADDRESS));
    }

    private void check(String property, Address address, UnaryOperator<Optional<String>> mode, String remedy) {
        if (mode.apply(address.mode()).filter(EncryptedConnections::encrypts).isEmpty()) {
            address.remoteHost().ifPresent(host -> refuse(property, host, remedy));
        }
    }

    private static boolean encrypts(String mode) {
        return ENCRYPTED.contains(mode.strip().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    private Optional<String> given(String property) {
        return configuration.getOptionalValue(property, String.class);
    }

    private void refuse(String property, String host, String remedy) {
        refused.add(property + " leads to " + host + ", which is another host, without TLS: " + remedy + ", or " + ALLOW
                + "=true where the network itself is trusted");
    }

    /**
     * Where an address leads, as its driver reads it. One that the driver cannot read leads nowhere: the driver refuses it.
     *
     * @param mode of TLS, when the address asks for one
     */
    private record Address(List<String> hosts, Optional<String> mode) {

        private static final Address NOWHERE = new Address(List.of(), Optional.empty());

        static Address reactive(String url) {
            try {
                PgConnectOptions read = PgConnectOptions.fromUri(url.strip().replaceFirst("^vertx-reactive:", ""));
                return new Address(
                        List.of(read.getHost()),
                        Optional.of(read.getSslMode().name()).filter(mode -> url.contains("sslmode=")));
            } catch (RuntimeException unreadable) {
                return NOWHERE;
            }
        }

        static Address jdbc(String url) {
            Properties read = Driver.parseURL(url.strip(), null);
            if (read == null) {
                return NOWHERE;
            }
            boolean ssl = List.of("", "true").contains(read.getProperty("ssl", "false"));
            return new Address(
                    List.of(read.getProperty("PGHOST").split(",")),
                    Optional.ofNullable(read.getProperty("sslmode", ssl ? "verify-full" : null)));
        }

        /** The first host that is not this machine. */
        Optional<String> remoteHost() {
            // The text before @ is left out, which JDBC takes for a part of the name: it may be a password.
            return hosts.stream()
                    .map(host -> host.substring(host.lastIndexOf('@') + 1))
                    .filter(host -> !host.isEmpty() && !host.startsWith("/") && !Loopback.is(host))
                    .findFirst();
        }
    }
}
