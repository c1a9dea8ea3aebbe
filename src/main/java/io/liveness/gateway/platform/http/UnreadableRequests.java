package io.liveness.gateway.platform.http;

import io.liveness.gateway.platform.Characters;
import io.liveness.gateway.platform.problem.CommonProblem;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.problem.ProblemWriter;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.quarkus.micrometer.runtime.binder.vertx.VertxMeterBinderAdapter;
import io.quarkus.vertx.VertxOptionsCustomizer;
import io.vertx.core.Handler;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.impl.Http1xServerConnection;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.metrics.HttpClientMetrics;
import io.vertx.core.spi.metrics.HttpServerMetrics;
import io.vertx.core.spi.observability.HttpRequest;
import io.vertx.core.spi.observability.HttpResponse;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Answers what Vert.x or Quarkus cannot read as a request: no route, filter or mapper ever sees it. The connection is closed,
 * since the start of the next request is not known.
 */
@ApplicationScoped
class UnreadableRequests implements Handler<HttpServerRequest> {

    private static final Characters PLAIN = new Characters(Characters.LETTERS_AND_DIGITS + "._~?&=/-");

    // Netty's name for a request whose first line it could not read.
    private static final String NO_ADDRESS = "/bad-request";

    private final ProblemWriter writer;

    UnreadableRequests(ProblemWriter writer) {
        this.writer = writer;
    }

    static boolean isUnreadable(HttpServerRequest request) {
        return request.decoderResult().isFailure() || request.version() == null || !isAddress(request.uri());
    }

    /** As Quarkus has it before all routes, only that its refusal is bare. */
    private static boolean isAddress(String given) {
        if (given == null) {
            return false;
        }
        if (given.startsWith("/") && !given.startsWith("//") && PLAIN.makeUp(given, 0)) {
            return true;
        }
        try {
            new URI(given);
            return true;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** The path as a URI; the root when there is none. */
    private static String instance(String path) {
        try {
            return path == null || path.equals(NO_ADDRESS) ? "/" : new URI(null, null, path, null).toASCIIString();
        } catch (URISyntaxException e) {
            return "/";
        }
    }

    @Override
    public void handle(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        String instance = instance(request.path());
        if (cause instanceof TooLongHttpHeaderException || cause instanceof TooLongHttpLineException) {
            // Also for the line, where 414 is possible: the caller's remedy is the same.
            writer.writeAndLinger(
                    new ProblemException(
                            CommonProblem.HEADERS_TOO_LARGE, "Send a shorter address and fewer or shorter headers."),
                    request,
                    instance);
        } else {
            writer.writeAndClose(UnknownRoutes.unreadable(), request, instance);
        }
    }

    /**
     * Puts the answers where Vert.x asks for them. Vert.x has {@code HttpServer.invalidRequestHandler}, but Quarkus
     * makes the server and gives no access to it; the metrics alone see a request before its handler is chosen. Remove
     * this when Quarkus lets applications set that handler.
     */
    @Singleton
    static class Hook implements VertxOptionsCustomizer {

        private final UnreadableRequests unreadable;

        Hook(UnreadableRequests unreadable) {
            this.unreadable = unreadable;
        }

        @Override
        public void accept(VertxOptions options) {
            if (options.getMetricsOptions() instanceof VertxMeterBinderAdapter metrics) {
                options.setMetricsOptions(new Metrics(metrics, unreadable));
            }
        }

        private static final class Metrics extends VertxMeterBinderAdapter {

            private final VertxMeterBinderAdapter metrics;
            private final UnreadableRequests unreadable;

            Metrics(VertxMeterBinderAdapter metrics, UnreadableRequests unreadable) {
                this.metrics = metrics;
                this.unreadable = unreadable;
            }

            @Override
            public HttpServerMetrics<?, ?, ?> createHttpServerMetrics(
                    HttpServerOptions options, SocketAddress address) {
                HttpServerMetrics<?, ?, ?> server = metrics.createHttpServerMetrics(options, address);
                if (server == null) {
                    return new ServerMetrics<>(new HttpServerMetrics<Object, Object, Object>() {}, unreadable);
                }
                return new ServerMetrics<>(server, unreadable);
            }

            @Override
            public HttpClientMetrics<?, ?, ?, ?> createHttpClientMetrics(HttpClientOptions options) {
                return metrics.createHttpClientMetrics(options);
            }
        }

        /** The metrics as they are, and one look at each request that begins. */
        private record ServerMetrics<R, W, S>(HttpServerMetrics<R, W, S> metrics, UnreadableRequests unreadable)
                implements HttpServerMetrics<R, W, S> {

            @Override
            public R requestBegin(S socket, HttpRequest request) {
                if (request instanceof HttpServerRequest begun
                        && begun.connection() instanceof Http1xServerConnection connection
                        && UnreadableRequests.isUnreadable(begun)) {
                    // The connection ends with the answer: no later request meets these handlers.
                    connection.handler(unreadable).invalidRequestHandler(unreadable);
                }
                R metric = metrics.requestBegin(socket, request);
                if (request instanceof HttpServerRequest begun) {
                    RequestLabels.begin(metric, begun);
                }
                return metric;
            }

            @Override
            public void requestEnd(R request, HttpRequest ended, long bytesRead) {
                metrics.requestEnd(request, ended, bytesRead);
            }

            @Override
            public void requestReset(R request) {
                metrics.requestReset(request);
            }

            @Override
            public void requestRouted(R request, String route) {
                metrics.requestRouted(request, route);
            }

            @Override
            public void responseBegin(R request, HttpResponse response) {
                metrics.responseBegin(request, response);
            }

            @Override
            public void responseEnd(R request, HttpResponse response, long bytesWritten) {
                metrics.responseEnd(request, response, bytesWritten);
            }

            @Override
            public R responsePushed(S socket, HttpMethod method, String uri, HttpResponse response) {
                return metrics.responsePushed(socket, method, uri, response);
            }

            @Override
            public W connected(S socket, R request, ServerWebSocket webSocket) {
                return metrics.connected(socket, request, webSocket);
            }

            @Override
            public void disconnected(W webSocket) {
                metrics.disconnected(webSocket);
            }

            @Override
            public S connected(SocketAddress remote, String remoteName) {
                return metrics.connected(remote, remoteName);
            }

            @Override
            public void disconnected(S socket, SocketAddress remote) {
                metrics.disconnected(socket, remote);
            }

            @Override
            public void bytesRead(S socket, SocketAddress remote, long bytes) {
                metrics.bytesRead(socket, remote, bytes);
            }

            @Override
            public void bytesWritten(S socket, SocketAddress remote, long bytes) {
                metrics.bytesWritten(socket, remote, bytes);
            }

            @Override
            public void exceptionOccurred(S socket, SocketAddress remote, Throwable failure) {
                metrics.exceptionOccurred(socket, remote, failure);
            }

            @Override
            public void close() {
                metrics.close();
            }
        }
    }
}
