package io.liveness.gateway.testsupport.http;

import io.restassured.RestAssured;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A raw request, for requests that no HTTP client would send. */
public final class RawHttp {

    private RawHttp() {}

    /** Sends a request that asks to close the connection. @return the whole answer */
    public static String exchange(String request) throws IOException {
        try (Socket caller = new Socket("localhost", RestAssured.port)) {
            caller.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            caller.getOutputStream().flush();
            return new String(caller.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Sends a request, runs something, and leaves without reading the answer. */
    public static void leave(String request, Runnable before) throws IOException {
        try (Socket caller = new Socket("localhost", RestAssured.port)) {
            caller.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            caller.getOutputStream().flush();
            before.run();
        }
    }
}
