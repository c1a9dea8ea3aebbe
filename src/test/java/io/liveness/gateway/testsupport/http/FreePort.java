package io.liveness.gateway.testsupport.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** A port without a listener. It is below those that systems give to connections, one of which could take it meanwhile. */
public final class FreePort {

    private static final int FROM = 20_000;
    private static final int TO = 32_000;

    private FreePort() {}

    public static int find() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(FROM, TO);
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                // The loop tries another port.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
