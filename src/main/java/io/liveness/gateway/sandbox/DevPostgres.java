package io.liveness.gateway.sandbox;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** A real PostgreSQL for dev mode, without Docker. It lives as long as the process, so that it outlasts live reloads. */
final class DevPostgres {

    /** A live reload replaces every class but no system property. */
    private static final String PORT = "dev.postgres-port";

    private DevPostgres() {}

    /** Starts it unless it runs already. Stopped and deleted by a shutdown hook. */
    static int port() {
        return Optional.ofNullable(Integer.getInteger(PORT)).orElseGet(DevPostgres::start);
    }

    private static int start() {
        try {
            int port = EmbeddedPostgres.builder().start().getPort();
            System.setProperty(PORT, Integer.toString(port));
            return port;
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL could not be started", e);
        }
    }
}
