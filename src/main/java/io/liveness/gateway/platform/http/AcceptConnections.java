package io.liveness.gateway.platform.http;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.quarkus.vertx.http.HttpServer;
import io.quarkus.vertx.http.HttpServerStart;
import io.quarkus.vertx.http.HttpsServerStart;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.VertxInternal;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Singleton;
import java.net.InetSocketAddress;

/**
 * Has each connection to the API admitted by {@link Connections} and decoded by {@link RequestHeads}. Vert.x has no hook for it before the
 * first request is complete, so this stands in the pipeline of the socket that accepts.
 */
@Singleton
class AcceptConnections {

    private final Vertx vertx;
    private final HttpServer server;
    private final Connections connections;

    AcceptConnections(Vertx vertx, HttpServer server, Connections connections) {
        this.vertx = vertx;
        this.server = server;
        this.connections = connections;
    }

    void plain(@ObservesAsync HttpServerStart started) {
        stand(server.getPort(), started.options());
    }

    void encrypted(@ObservesAsync HttpsServerStart started) {
        stand(server.getSecurePort(), started.options());
    }

    private void stand(int port, HttpServerOptions options) {
        ((VertxInternal) vertx)
                .getAcceptorEventLoopGroup()
                .forEach(loop -> loop.execute(() -> {
                    ((SingleThreadEventLoop) loop).registeredChannelsIterator().forEachRemaining(channel -> {
                        if (channel instanceof ServerChannel
                                && channel.localAddress() instanceof InetSocketAddress address
                                && address.getPort() == port) {
                            channel.pipeline().addFirst(new Accept(options));
                            connections.areAccepted();
                        }
                    });
                }));
    }

    private final class Accept extends ChannelInboundHandlerAdapter {

        /** How much is read of a connection at once, in bytes; Netty's own largest is 64 KB. */
        private final RecvByteBufAllocator atATime = new AdaptiveRecvByteBufAllocator(64, 2_048, 16_384);

        private final HttpServerOptions options;

        Accept(HttpServerOptions options) {
            this.options = options;
        }

        @Override
        public void channelRead(ChannelHandlerContext socket, Object accepted) {
            Channel connection = (Channel) accepted;
            if (connections.admit(connection)) {
                connection.config().setRecvByteBufAllocator(atATime);
                connection.pipeline().addLast(new Prepare(options));
                socket.fireChannelRead(connection);
            } else {
                connection.unsafe().closeForcibly();
            }
        }
    }

    /** Waits until Vert.x has its own decoder in place: at once, or after the handshake of TLS. */
    private final class Prepare extends ChannelInboundHandlerAdapter {

        private static final String TLS = "ssl";
        private static final String DECODER = "httpDecoder";
        private static final String CONNECTION = "handler";

        private final HttpServerOptions options;

        Prepare(HttpServerOptions options) {
            this.options = options;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            ChannelPipeline pipeline = context.pipeline();
            if (pipeline.get(TLS) == null) {
                prepare(pipeline);
            } else {
                pipeline.addAfter(TLS, null, new Prepare(options));
            }
            pipeline.remove(this);
            context.fireChannelActive();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            context.fireUserEventTriggered(event);
            if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
                prepare(context.pipeline());
                context.pipeline().remove(this);
            }
        }

        private void prepare(ChannelPipeline pipeline) {
            RequestHeads heads = new RequestHeads(options, connections);
            pipeline.replace(DECODER, DECODER, heads);
            pipeline.addBefore(CONNECTION, null, heads.new Answers());
        }
    }
}
