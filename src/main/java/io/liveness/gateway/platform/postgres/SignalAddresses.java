package io.liveness.gateway.platform.postgres;

import io.vertx.pgclient.PgConnectOptions;
import java.util.List;
import java.util.Optional;

/** The addresses to listen at, when they are not the datasource's. */
record SignalAddresses(List<PgConnectOptions> own) {

    private static final String REACTIVE = "vertx-reactive:";

    /** @throws IllegalArgumentException with a sentence that names the property */
    SignalAddresses(Optional<List<String>> urls) {
        this(urls.orElse(List.of()).stream().map(SignalAddresses::parse).toList());
    }

    private static PgConnectOptions parse(String url) {
        try {
            return PgConnectOptions.fromUri(url.startsWith(REACTIVE) ? url.substring(REACTIVE.length()) : url);
        } catch (RuntimeException e) {
            // Without the value: a password may stand in it.
            throw new IllegalArgumentException(
                    "liveness.signals.url must be postgresql://host:port/database, several of them with commas", e);
        }
    }

    /** Each of them with all else as the datasource has it; the datasource's own when there is none. */
    List<PgConnectOptions> over(List<PgConnectOptions> datasource) {
        if (own.isEmpty()) {
            return datasource;
        }
        return own.stream()
                .map(address -> new PgConnectOptions(datasource.get(0))
                        .setHost(address.getHost())
                        .setPort(address.getPort())
                        .setDatabase(address.getDatabase()))
                .toList();
    }
}
