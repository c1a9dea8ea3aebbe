package io.liveness.gateway.platform.postgres.connection;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.impl.NetClientImpl;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.pgclient.impl.PgConnectionFactory;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnectOptions;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.Connection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.impl.SqlConnectionBase;
import io.vertx.sqlclient.impl.command.CommandResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes connections to the server that takes writes, and that see the service's schema. They are closed when they have been silent for too long, from their first byte on,
 * see {@code docs/decisions/0013-a-silent-connection-is-closed.md}.
 */
public final class PostgresSockets extends PgConnectionFactory {

    /** A server takes no writes: it is a standby, or its transactions only read by default. */
    public static final class ServerOnlyReads extends RuntimeException {

        /** @param server as in {@code The server db-2:5432} */
        public ServerOnlyReads(String server) {
            super(server + " only reads", null, false, false);
        }
    }

    /** A connection does not see the service's tables: its database or its {@code search_path} is another one. */
    public static final class WithoutSchema extends RuntimeException {

        /** @param server as in {@code The server db-2:5432} */
        WithoutSchema(String server, String user, String path) {
            super(server + " shows no ledger_entry to " + user + " by its search_path " + path, null, false, false);
        }
    }

    private static final String HANDSHAKE = "silence-at-handshake";
    private static final String DRIVER = "handler";
    private static final RefusedWrites REFUSED_WRITES = new RefusedWrites();
    private static final String ONLY_READS = "25006";
    /** A standby only reads too. */
    private static final String USABLE = """
            select current_setting('transaction_read_only') = 'on' as only_reads,
                   to_regclass('ledger_entry') is null as without_schema,
                   current_user::text as role, current_setting('search_path') as path
            """;

    private final List<PgConnectOptions> servers;
    private final Duration longestSilence;
    private volatile int lastWritable;
    private NetClient client;

    /** @param servers give the connect timeout too, which is the longest silence before the connection can be used */
    public PostgresSockets(VertxInternal vertx, List<PgConnectOptions> servers, Duration longestSilence) {
        super(vertx, () -> Future.succeededFuture(servers.get(0)));
        this.servers = List.copyOf(servers);
        this.longestSilence = longestSilence;
    }

    /**
     * Tries each server once, from the one that was writable last. Fails with {@link ServerOnlyReads} when one answered and none is
     * writable.
     */
    @Override
    public Future<SqlConnection> connect(Context context) {
        return connect(context, lastWritable, servers.size() - 1);
    }

    private Future<SqlConnection> connect(Context context, int server, int others) {
        Future<SqlConnection> made = connect(context, servers.get(server)).onSuccess(writable -> lastWritable = server);
        return others == 0
                ? made
                : made.recover(failure -> connect(context, (server + 1) % servers.size(), others - 1)
                        .recover(next -> Future.failedFuture(failure instanceof ServerOnlyReads ? failure : next)));
    }

    @Override
    public Future<SqlConnection> connect(Context context, SqlConnectOptions server) {
        return super.connect(context, server)
                .compose(made -> made.query(USABLE)
                        .execute()
                        .compose(
                                answer -> usable(made, server, answer.iterator().next()))
                        .onFailure(unusable -> made.close()))
                .onSuccess(PostgresSockets::handshakeIsOver);
    }

    private static Future<SqlConnection> usable(SqlConnection made, SqlConnectOptions server, Row row) {
        String name = "The server " + server.getHost() + ":" + server.getPort();
        if (row.getBoolean("only_reads")) {
            return Future.failedFuture(new ServerOnlyReads(name));
        }
        return row.getBoolean("without_schema")
                ? Future.failedFuture(new WithoutSchema(name, row.getString("role"), row.getString("path")))
                : Future.succeededFuture(made);
    }

    /**
     * Closes the socket of a connection in use that is of a pool, without PostgreSQL's closing message, whatever runs on it. Completes when
     * the pool has seen its end, and fails with what is given.
     */
    public static <T> Future<T> dropPooled(SqlConnection made, Throwable failure) {
        Promise<T> gone = Promise.promise();
        Context caller = Vertx.currentContext();
        made.closeHandler(closed -> caller.runOnContext(seen -> gone.tryFail(failure)));
        if (!channel(made).channel().isOpen()) {
            // Closed before, and nothing calls the handler any more.
            gone.tryFail(failure);
        }
        drop(channel(made));
        return gone.future();
    }

    private static void drop(ChannelHandlerContext channel) {
        if (channel.channel().isOpen()) {
            channel.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
        }
    }

    private static ChannelHandlerContext channel(SqlConnection made) {
        Connection connection = ((SqlConnectionBase<?>) made).unwrap();
        // A pool has a wrapper around each.
        while (!(connection instanceof SocketConnectionBase)) {
            connection = connection.unwrap();
        }
        return ((SocketConnectionBase) connection).socket().channelHandlerContext();
    }

    private static void handshakeIsOver(SqlConnection made) {
        ChannelPipeline pipeline = channel(made).pipeline();
        if (pipeline.get(HANDSHAKE) != null) {
            pipeline.remove(HANDSHAKE);
            // The handler comes after the driver's codec, whose answers it sees.
            pipeline.addBefore(DRIVER, null, REFUSED_WRITES);
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
     * Closes the socket itself. The driver's close, which Vert.x' own limit of idle time calls too, sends a message to PostgreSQL and waits
     * for its answer, without end on a broken network. Unsent data is dropped: otherwise the system would send it for minutes after the
     * close, and an abandoned statement would be executed.
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

    /**
     * Closes the socket after its server has refused a write: the next connection is made to a server that takes writes. Hibernate would give
     * this one back to the pool.
     */
    @Sharable
    private static final class RefusedWrites extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.fireChannelRead(message);
            if (message instanceof CommandResponse<?> answer
                    && answer.toAsyncResult().cause() instanceof PgException refused
                    && ONLY_READS.equals(refused.getSqlState())) {
                drop(context);
            }
        }
    }
}
