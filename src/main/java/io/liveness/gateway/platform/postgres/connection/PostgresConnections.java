package io.liveness.gateway.platform.postgres.connection;

import io.liveness.gateway.platform.start.StartRefused;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.impl.VertxInternal;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnectOptions;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Makes the service's connections to PostgreSQL: those of the pool, and the address of the one that listens. A connection
 * that says nothing for longer than a statement may run is closed, also while it is in use and the network gives no sign of its end.
 */
@Singleton
public class PostgresConnections implements PgPoolCreator {

    /** The connection that receives signals of sessions settled by other replicas. */
    @ConfigMapping(prefix = "liveness.signals")
    interface Signals {

        /**
         * Address for LISTEN: PostgreSQL itself, no <a href="docs/deployment.md#pooler">pooler</a>. The datasource's by default, and always
         * with its user, password and trust.
         */
        Optional<List<String>> url();
    }

    /**
     * What the planner leaves off for the service, whose statements are few rows by their key. JIT would compile a misjudged statement for
     * seconds at each execution. The figures are of plans that were made on new tables and kept until these had 200,000 rows.
     */
    public static final List<String> PLANNER_OFF = List.of(
            "jit",
            // The lease of deliveries would read webhook_delivery once for each endpoint: 3,800 ms instead of 1.
            "enable_seqscan",
            // The settling of one session would hash all of liveness_session: 220 ms instead of 0.2.
            "enable_hashjoin",
            // With hash joins off it would walk all of that table's key: 125 ms instead of 0.2.
            "enable_mergejoin");

    static final String APPLICATION_NAME = "liveness-gateway";

    // The names of the pools in metrics. With one name for all, the gauges would show only one of them.
    private static final String READING = "reading";
    private static final String SHARED = "shared";
    private static final String RESERVED = "reserved";

    /** Statements that wait for a connection of a pool, and how long; then 503 {@code unavailable}. */
    private static final int QUEUE = 5_000;

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(3);
    /** Longest time until PostgreSQL's host has accepted a connection. */
    private static final Duration CONNECT = Duration.ofSeconds(2);

    /** Limit of a statement, which PostgreSQL keeps by its own clock. */
    public static final Duration STATEMENT = Duration.ofSeconds(5);

    /**
     * After this silence a connection is closed: later than PostgreSQL ends a statement, so that its connection stays healthy. See {@code
     * docs/decisions/0013-a-silent-connection-is-closed.md}.
     */
    private static final Duration SILENCE = STATEMENT.plusSeconds(1);

    /** A process that is gone or frozen within a transaction keeps its locks no longer: less than a statement that waits for them. */
    private static final Duration IDLE_IN_TRANSACTION = Duration.ofSeconds(3);
    // The pool closes an idle connection itself, before its silence would be taken for a failure.
    private static final Duration IDLE = STATEMENT.minusSeconds(1);
    private static final int POOL_CLEANER_MILLIS = 500;

    /** Between heartbeats on a connection to listen on, and the time allowed for the answer to one. */
    public static final Duration HEARTBEAT = Duration.ofSeconds(2);

    private static final int BEATS_MISSED = 3;

    private final ConnectionLimits config;
    private final SignalAddresses addresses;
    private final Instance<Pool> pool;
    private volatile PostgresSockets toListen;
    private volatile Pool shared;
    private volatile Pool reserved;

    PostgresConnections(ConnectionLimits config, Signals signals, Instance<Pool> pool) {
        this.config = config;
        this.addresses = new SignalAddresses(signals.url());
        this.pool = pool;
    }

    @Override
    public io.vertx.sqlclient.Pool create(Input input) {
        VertxInternal vertx = (VertxInternal) input.vertx();
        List<PgConnectOptions> datasource = input.pgConnectOptionsList();
        datasource.forEach(this::limit);
        PostgresSockets sockets = new PostgresSockets(vertx, datasource, SILENCE);
        toListen = new PostgresSockets(vertx, addresses.over(datasource), HEARTBEAT.multipliedBy(BEATS_MISSED));
        // Apart from those that read: all of these may wait for commits that hang.
        shared = Pool.newInstance(pool(
                new PoolOptions(input.poolOptions())
                        .setMaxSize(config.writeConnections())
                        .setName(SHARED),
                datasource,
                sockets,
                vertx));
        reserved = Pool.newInstance(pool(
                new PoolOptions(input.poolOptions())
                        .setMaxSize(config.reservedConnections())
                        .setName(RESERVED),
                datasource,
                sockets,
                vertx));
        return pool(input.poolOptions().setName(READING), datasource, sockets, vertx);
    }

    private io.vertx.sqlclient.Pool pool(
            PoolOptions options, List<PgConnectOptions> datasource, PostgresSockets sockets, VertxInternal vertx) {
        return PgBuilder.pool()
                .with(limit(options))
                .connectingTo(List.<SqlConnectOptions>copyOf(datasource))
                .using(vertx)
                .build()
                .connectionProvider(sockets::connect);
    }

    /** The pool of the connections of requests that write. */
    public Pool shared() {
        makePools();
        return shared;
    }

    /** The pool of the connections that requests take none of. */
    public Pool reserved() {
        makePools();
        return reserved;
    }

    @PreDestroy
    void close() {
        if (reserved != null) {
            shared.getDelegate().close();
            reserved.getDelegate().close();
        }
    }

    private PoolOptions limit(PoolOptions options) {
        return options.setMaxWaitQueueSize(QUEUE)
                .setConnectionTimeout(millis(LONGEST_WAIT))
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(millis(IDLE))
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setPoolCleanerPeriod(POOL_CLEANER_MILLIS);
    }

    private void limit(PgConnectOptions options) {
        options.setConnectTimeout(millis(CONNECT))
                .setTcpKeepAlive(true)
                // Long statements too: one that is not kept is prepared each time, and is lost behind a pooler in
                // between.
                .setPreparedStatementCacheSqlFilter(sql -> true)
                // Where Vert.x has its native transport; elsewhere the limit of silence does without it.
                .setTcpUserTimeout(millis(SILENCE));
        options.addProperty("application_name", APPLICATION_NAME)
                .addProperty("statement_timeout", Integer.toString(millis(STATEMENT)))
                .addProperty("idle_in_transaction_session_timeout", Integer.toString(millis(IDLE_IN_TRANSACTION)));
        PLANNER_OFF.forEach(setting -> options.addProperty(setting, "off"));
    }

    private static int millis(Duration duration) {
        return Math.toIntExact(duration.toMillis());
    }

    /** The datasource's settings are known once its pool is made, which any call brings about. */
    private void makePools() {
        if (reserved == null) {
            pool.get().getDelegate().size();
        }
    }

    /** A connection to listen on, with the user, the secrets and the limits of the pool's. */
    public Future<PgConnection> connectToListen(Context context) {
        makePools();
        return toListen.connect(context).map(PgConnection::cast);
    }

    /** The addresses to listen at, when they are not the datasource's. */
    record SignalAddresses(List<Address> own) {

        /**
         * One of them.
         *
         * @param ownMode whether it asks for a mode of TLS
         */
        private record Address(PgConnectOptions options, boolean ownMode) {

            PgConnectOptions over(PgConnectOptions datasource) {
                PgConnectOptions all = new PgConnectOptions(datasource)
                        .setHost(options.getHost())
                        .setPort(options.getPort())
                        .setDatabase(options.getDatabase());
                return ownMode ? all.setSslMode(options.getSslMode()) : all;
            }
        }

        private static final String REACTIVE = "vertx-reactive:";

        /** @throws StartRefused with a sentence that names the property */
        SignalAddresses(Optional<List<String>> urls) {
            this(urls.orElse(List.of()).stream().map(SignalAddresses::parse).toList());
        }

        private static Address parse(String url) {
            if (url.contains("@")) {
                throw new StartRefused(
                        "liveness.signals.url must have no user: the datasource's user and password are used");
            }
            try {
                return new Address(
                        PgConnectOptions.fromUri(url.startsWith(REACTIVE) ? url.substring(REACTIVE.length()) : url),
                        url.contains("sslmode="));
            } catch (RuntimeException e) {
                // The message leaves out the value: a password may stand in it.
                throw new StartRefused(
                        "liveness.signals.url must be postgresql://host:port/database, several of them with commas");
            }
        }

        /** Each with the other settings of the datasource; the datasource's addresses when none is configured. */
        List<PgConnectOptions> over(List<PgConnectOptions> datasource) {
            if (own.isEmpty()) {
                return datasource;
            }
            return own.stream().map(address -> address.over(datasource.get(0))).toList();
        }
    }

    /** Connections to the database. */
    @ConfigMapping(prefix = "liveness.database")
    public interface ConnectionLimits {

        /** Connections of a replica, opened as needed, for requests that write. */
        @WithDefault("12")
        @Min(value = 1, message = "liveness.database.write-connections must be at least 1")
        @Max(value = 1000, message = "liveness.database.write-connections must be at most 1000")
        int writeConnections();

        /** Connections of a replica for polling alone. */
        @WithDefault("4")
        @Min(value = 1, message = "liveness.database.reserved-connections must be at least 1")
        @Max(value = 100, message = "liveness.database.reserved-connections must be at most 100")
        int reservedConnections();

        /** Allows a database on another host without <a href="docs/deployment.md#tls">TLS</a>, which otherwise stops the start. */
        @WithDefault("false")
        boolean allowPlaintext();
    }
}
