package io.liveness.gateway.finance;

import io.liveness.gateway.testsupport.Api;
import io.restassured.RestAssured;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Requests a file and reads the first line of the answer, then no more until the test says so. */
final class SlowReader implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 30_000;
    private static final byte[] LAST_CHUNK = "\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Socket socket = new Socket();
    private final InputStream in;
    private final String firstLine;

    SlowReader(Api who, String query, String type) throws IOException {
        // Small, so that the file does not fit in between.
        socket.setReceiveBufferSize(8 * 1024);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress("localhost", RestAssured.port));
        String request = "GET " + Api.CHARGES + query + " HTTP/1.1\r\nHost: localhost\r\nAccept: " + type
                + "\r\nAuthorization: Bearer " + who.token() + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        in = socket.getInputStream();
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\r'; c = in.read()) {
            line.append((char) c);
        }
        firstLine = line.toString();
    }

    String firstLine() {
        return firstLine;
    }

    /** Takes all the rest. @return whether the answer had its end, as HTTP tells it */
    boolean readsToTheEnd() {
        ByteArrayOutputStream last = new ByteArrayOutputStream();
        byte[] some = new byte[64 * 1024];
        try {
            for (int count = in.read(some); count >= 0; count = in.read(some)) {
                last.write(some, 0, count);
                if (endsWell(last.toByteArray())) {
                    return true;
                }
                if (last.size() > some.length) {
                    byte[] tail = last.toByteArray();
                    last.reset();
                    last.write(tail, tail.length - LAST_CHUNK.length, LAST_CHUNK.length);
                }
            }
        } catch (SocketTimeoutException silent) {
            throw new AssertionError("The connection was left open without an end of the answer", silent);
        } catch (IOException reset) {
            return false;
        }
        return false;
    }

    private static boolean endsWell(byte[] read) {
        return read.length >= LAST_CHUNK.length
                && Arrays.equals(read, read.length - LAST_CHUNK.length, read.length, LAST_CHUNK, 0, LAST_CHUNK.length);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
