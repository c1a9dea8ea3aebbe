package io.liveness.gateway.testsupport.http;

import io.restassured.RestAssured;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One connection to the gateway, for requests as they stand on the wire. */
public final class RawConnection implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket;
    private final InputStream in;

    public RawConnection() throws IOException {
        this(RestAssured.port);
    }

    public RawConnection(int port) throws IOException {
        socket = new Socket("localhost", port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** Sends a request that asks to close the connection. @return the whole answer, as it came */
    public static String whole(String request) throws IOException {
        try (RawConnection caller = new RawConnection()) {
            caller.send(request.getBytes(StandardCharsets.UTF_8));
            return new String(caller.in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Sends a request, runs something, and leaves without reading the answer. */
    public static void leave(String request, Runnable before) throws IOException {
        try (RawConnection caller = new RawConnection()) {
            caller.send(request.getBytes(StandardCharsets.UTF_8));
            before.run();
        }
    }

    public RawAnswer exchange(String request) throws IOException {
        return exchange(request.getBytes(StandardCharsets.UTF_8));
    }

    public RawAnswer exchange(byte[] request) throws IOException {
        send(request);
        return RawAnswer.read(in);
    }

    /** Sends without waiting for an answer. */
    public void send(byte[] part) throws IOException {
        socket.getOutputStream().write(part);
        socket.getOutputStream().flush();
    }

    /** Waits for it. @return whether the gateway has closed the connection without a word more */
    public boolean isClosed() throws IOException {
        return in.read() < 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
