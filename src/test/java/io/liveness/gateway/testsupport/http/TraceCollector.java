package io.liveness.gateway.testsupport.http;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes traces by OTLP over gRPC, as an OpenTelemetry collector does, and keeps what was sent as it is. */
public final class TraceCollector implements AutoCloseable {

    private static final String EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    // A frame of gRPC without compression, whose message is empty: nothing was rejected.
    private static final Buffer ALL_TAKEN = Buffer.buffer(new byte[5]);

    private final Vertx vertx = Vertx.vertx();
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    public TraceCollector() {
        server = vertx.createHttpServer()
                .requestHandler(this::take)
                .listen(0, "localhost")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    public String url() {
        return "http://localhost:" + server.actualPort();
    }

    /** The messages, one character a byte. */
    public List<String> received() {
        return List.copyOf(received);
    }

    private void take(HttpServerRequest request) {
        if (!request.path().equals(EXPORT)) {
            request.response().setStatusCode(404).end();
            return;
        }
        request.body().onSuccess(body -> {
            received.add(body.toString(StandardCharsets.ISO_8859_1));
            request.response()
                    .putHeader("Content-Type", "application/grpc")
                    .putTrailer("grpc-status", "0")
                    .end(ALL_TAKEN);
        });
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
