package io.liveness.gateway.platform.postgres.connection;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.impl.NetClientImpl;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.impl.PgConnectionFactory;
import io.vertx.sqlclient.SqlConnectOptions;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.impl.SqlConnectionBase;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Makes connections that are closed when they have been silent for too long, from their first byte on, see
 * {@code docs/decisions/0013-a-silent-connection-is-closed.md}.
 */
public final class PostgresSockets extends PgConnectionFactory {

    private static final String HANDSHAKE = "silence-at-handshake";

    private final Duration longestSilence;
    private NetClient client;

    /** @param addresses give the connect timeout too, which is the longest silence before the connection can be used */
    public PostgresSockets(VertxInternal vertx, Supplier<PgConnectOptions> addresses, Duration longestSilence) {
        super(vertx, () -> Future.succeededFuture(addresses.get()));
        this.longestSilence = longestSilence;
    }

    @Override
    public Future<SqlConnection> connect(Context context, SqlConnectOptions options) {
        return super.connect(context, options).onSuccess(PostgresSockets::handshakeIsOver);
    }

    /** Closes the socket of a connection without PostgreSQL's closing message, whatever runs on it. */
    public static void drop(SqlConnection made) {
        drop(channel(made));
    }

    private static void drop(ChannelHandlerContext channel) {
        if (channel.channel().isOpen()) {
            channel.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
        }
    }

    private static ChannelHandlerContext channel(SqlConnection made) {
        SocketConnectionBase socket = (SocketConnectionBase) ((SqlConnectionBase<?>) made).unwrap();
        return socket.socket().channelHandlerContext();
    }

    private static void handshakeIsOver(SqlConnection made) {
        ChannelPipeline pipeline = channel(made).pipeline();
        if (pipeline.get(HANDSHAKE) != null) {
            pipeline.remove(HANDSHAKE);
        }
    }

    /** The addresses of a factory differ in nothing that a client is made with. */
    @Override
    protected synchronized NetClient netClient(NetClientOptions options) {
        if (client == null) {
            NetClientOptions own = new NetClientOptions(options).setReconnectAttempts(0);
            NetClientImpl made = new NetClientImpl(vertx, null, own, clientCloseFuture) {
                @Override
                protected void initChannel(ChannelPipeline pipeline) {
                    super.initChannel(pipeline);
                    pipeline.addFirst(new Silence(longestSilence));
                    pipeline.addFirst(HANDSHAKE, new Silence(Duration.ofMillis(own.getConnectTimeout())));
                }
            };
            clientCloseFuture.add(made);
            client = made;
        }
        return client;
    }

    /**
     * Closes the socket itself. The driver's close sends a message to PostgreSQL and waits for its answer, without end on a broken network.
     * Unsent data is dropped: otherwise the system would send it for minutes after the close, and an abandoned statement would be executed.
     */
    private static final class Silence extends IdleStateHandler {

        Silence(Duration longest) {
            super(0, 0, longest.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        protected void channelIdle(ChannelHandlerContext context, IdleStateEvent silence) {
            drop(context);
        }
    }
}
