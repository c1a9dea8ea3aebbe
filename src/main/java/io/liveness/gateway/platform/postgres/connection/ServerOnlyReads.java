package io.liveness.gateway.platform.postgres.connection;

/** A server takes no writes: it is a standby, or its transactions only read by default. */
public final class ServerOnlyReads extends RuntimeException {

    /** @param server as in {@code The server db-2:5432} */
    public ServerOnlyReads(String server) {
        super(server + " only reads", null, false, false);
    }
}
