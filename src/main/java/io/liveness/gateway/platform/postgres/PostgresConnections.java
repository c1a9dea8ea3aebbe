package io.liveness.gateway.platform.postgres;

import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnectOptions;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes the service's connections to PostgreSQL: those of the pool, and the address of the one that listens. A connection
 * that says nothing for longer than a statement may run is closed, whoever uses it and whatever became of the network.
 */
@Singleton
class PostgresConnections implements PgPoolCreator {

    static final String APPLICATION_NAME = "liveness-gateway";

    // PostgreSQL ends a statement by its own clock first, and its connection stays healthy.
    private static final Duration MARGIN = Duration.ofSeconds(1);
    // The pool closes an idle connection itself, before its silence would be taken for a failure.
    private static final Duration IDLE_LESS = Duration.ofSeconds(1);
    private static final int POOL_CLEANER_MILLIS = 500;

    private static final int BEATS_MISSED = 3;

    private final DatabaseConfig config;
    private final Duration heartbeat;
    private final SignalAddresses addresses;
    private final Instance<Pool> pool;
    private volatile List<PgConnectOptions> datasource = List.of();

    PostgresConnections(DatabaseConfig config, SignalsConfig signals, Instance<Pool> pool) {
        this.config = config;
        this.heartbeat = signals.heartbeat();
        this.addresses = new SignalAddresses(signals.url());
        this.pool = pool;
    }

    @Override
    public io.vertx.sqlclient.Pool create(Input input) {
        input.pgConnectOptionsList().forEach(this::limit);
        datasource = input.pgConnectOptionsList();
        return PgBuilder.pool()
                .with(limit(input.poolOptions()))
                .connectingTo(List.<SqlConnectOptions>copyOf(datasource))
                .using(input.vertx())
                .build();
    }

    private PoolOptions limit(PoolOptions options) {
        return options.setMaxWaitQueueSize(config.queueSize())
                .setConnectionTimeout(millis(config.queueTimeout()))
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(millis(config.statementTimeout().minus(IDLE_LESS)))
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setPoolCleanerPeriod(POOL_CLEANER_MILLIS);
    }

    private void limit(PgConnectOptions options) {
        Duration silence = config.statementTimeout().plus(MARGIN);
        options.setConnectTimeout(millis(config.connectTimeout()))
                .setIdleTimeout(millis(silence))
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setTcpKeepAlive(true)
                // Where Vert.x has its native transport; elsewhere the limit above does without it.
                .setTcpUserTimeout(millis(silence));
        options.addProperty("application_name", APPLICATION_NAME)
                .addProperty("statement_timeout", Integer.toString(millis(config.statementTimeout())));
        PlannerSettings.OFF.forEach(setting -> options.addProperty(setting, "off"));
    }

    private static int millis(Duration duration) {
        return Math.toIntExact(duration.toMillis());
    }

    /**
     * Where to listen, with the user, the secrets and the limits of the pool's connections.
     *
     * @param attempt the number of the attempt; several addresses take turns
     */
    PgConnectOptions toListen(int attempt) {
        if (datasource.isEmpty()) {
            // The datasource's settings are known once its pool is made, which any call brings about.
            pool.get().getDelegate().size();
        }
        List<PgConnectOptions> all = addresses.over(datasource);
        // Silent between two heartbeats, which may be further apart than a statement may take.
        return new PgConnectOptions(all.get(Math.floorMod(attempt, all.size())))
                .setIdleTimeout(millis(heartbeat.multipliedBy(BEATS_MISSED)));
    }
}
