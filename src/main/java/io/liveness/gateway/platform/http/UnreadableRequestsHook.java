package io.liveness.gateway.platform.http;

import io.quarkus.micrometer.runtime.binder.vertx.VertxMeterBinderAdapter;
import io.quarkus.vertx.VertxOptionsCustomizer;
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
import jakarta.inject.Singleton;

/**
 * Puts {@link UnreadableRequests} where Vert.x asks for it. Vert.x has {@code HttpServer.invalidRequestHandler}, but Quarkus
 * makes the server and gives no access to it; the metrics alone see a request before its handler is chosen.
 * See docs/decisions/0012-unreadable-requests-by-way-of-the-metrics.md
 */
@Singleton
class UnreadableRequestsHook implements VertxOptionsCustomizer {

    private final UnreadableRequests unreadable;

    UnreadableRequestsHook(UnreadableRequests unreadable) {
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
        public HttpServerMetrics<?, ?, ?> createHttpServerMetrics(HttpServerOptions options, SocketAddress address) {
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
