package io.liveness.gateway.platform.postgres.connection;

import io.liveness.gateway.platform.start.StartRefused;
import io.vertx.pgclient.PgConnectOptions;
import java.util.List;
import java.util.Optional;

/** The addresses to listen at, when they are not the datasource's. */
record SignalAddresses(List<Address> own) {

    /**
     * One of them.
     *
     * @param mode of TLS, when the address asks for one
     */
    private record Address(PgConnectOptions options, Optional<String> mode) {

        PgConnectOptions over(PgConnectOptions datasource) {
            PgConnectOptions all = new PgConnectOptions(datasource)
                    .setHost(options.getHost())
                    .setPort(options.getPort())
                    .setDatabase(options.getDatabase());
            return mode.isPresent() ? all.setSslMode(options.getSslMode()) : all;
        }
    }

    private static final String REACTIVE = "vertx-reactive:";

    /** @throws StartRefused with a sentence that names the property */
    SignalAddresses(Optional<List<String>> urls) {
        this(urls.orElse(List.of()).stream().map(SignalAddresses::parse).toList());
    }

    private static Address parse(String url) {
        if (url.contains("@")) {
            throw new StartRefused(
                    "liveness.signals.url must have no user: the datasource's user and password are used");
        }
        try {
            return new Address(
                    PgConnectOptions.fromUri(url.startsWith(REACTIVE) ? url.substring(REACTIVE.length()) : url),
                    DatabaseAddress.parse(url).sslMode());
        } catch (RuntimeException e) {
            // Without the value: a password may stand in it.
            throw new StartRefused(
                    "liveness.signals.url must be postgresql://host:port/database, several of them with commas");
        }
    }

    /** Each with the other settings of the datasource; the datasource's addresses when none is configured. */
    List<PgConnectOptions> over(List<PgConnectOptions> datasource) {
        if (own.isEmpty()) {
            return datasource;
        }
        return own.stream().map(address -> address.over(datasource.get(0))).toList();
    }
}
