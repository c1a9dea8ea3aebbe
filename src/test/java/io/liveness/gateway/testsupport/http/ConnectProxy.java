package io.liveness.gateway.testsupport.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetClient;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP proxy on loopback as companies have them: knows CONNECT alone. Wherever one wants to go, it leads to one port of this machine. */
public final class ConnectProxy implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final NetClient client = vertx.createNetClient();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private final int target;

    public ConnectProxy(int target) {
        this.target = target;
        this.server = vertx.createHttpServer()
                .requestHandler(this::connect)
                .listen(0, "localhost")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private void connect(HttpServerRequest request) {
        asked.add(request.method() + " " + request.uri());
        if (request.method() != HttpMethod.CONNECT) {
            request.response().setStatusCode(405).end();
            return;
        }
        client.connect(target, "localhost")
                .onFailure(away -> request.response().setStatusCode(502).end())
                .onSuccess(there -> request.toNetSocket().onSuccess(here -> {
                    here.pipeTo(there);
                    there.pipeTo(here);
                }));
    }

    public int port() {
        return server.actualPort();
    }

    /** The first line of each request, without its version. */
    public List<String> asked() {
        return asked;
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
