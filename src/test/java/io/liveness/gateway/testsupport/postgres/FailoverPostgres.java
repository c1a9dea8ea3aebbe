package io.liveness.gateway.testsupport.postgres;

import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.http.FaultProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A primary and its synchronous standby, both of an installed PostgreSQL, behind one address that leads to the primary at
 * first. What was committed at the primary is at the standby too.
 */
public final class FailoverPostgres implements AutoCloseable {

    private static final Duration TO_FOLLOW = Duration.ofSeconds(30);
    private static final String IN_STEP = "select count(*) from pg_stat_replication where sync_state = 'sync'";

    private static final String RELOAD = "select pg_reload_conf()";

    private final PackagedPostgres primary;
    private final PackagedPostgres standby;
    private final FaultProxy network;
    private volatile PackagedPostgres writable;

    private FailoverPostgres(Path programs) {
        primary = PackagedPostgres.start(programs, PostgresServer.SETTINGS);
        standby = PackagedPostgres.startStandby(programs, PostgresServer.SETTINGS, primary);
        network = FaultProxy.to(primary.server().address());
        writable = primary;
        // Commits wait for the standby only once the copy is made: promoted, it waits for no other server.
        execute(primary, "alter system set synchronous_standby_names = '*'", RELOAD);
        Patience.await("the standby to be in step", TO_FOLLOW).until(() -> number(IN_STEP) == 1);
    }

    /** PostgreSQL's programs are in the directory {@code -Dtest.postgres}, else in that of Debian's package. */
    public static Optional<Path> programs() {
        return Stream.of(System.getProperty("test.postgres", ""), "/usr/lib/postgresql/17/bin")
                .map(Path::of)
                .filter(programs -> Files.isExecutable(programs.resolve("pg_basebackup"))
                        && Files.isExecutable(programs.resolve("initdb")))
                .findFirst();
    }

    public static FailoverPostgres start(Path programs) {
        return new FailoverPostgres(programs);
    }

    /** The one address for both, as in {@code postgresql://localhost:5432}. */
    public String address() {
        return "postgresql://localhost:" + network.port();
    }

    /** What stands between that address and the servers. */
    public FaultProxy network() {
        return network;
    }

    /** The one that writes, without the network in between. While there is none, the one that was killed. */
    public PostgresServer server() {
        return writable.server();
    }

    /** All of its processes die at once. The address leads to the standby, which only reads. */
    public void killPrimary() {
        network.leadTo(standby.server().address());
        primary.kill();
    }

    /** From now on commits at the primary wait for the standby. */
    public void pauseStandby() {
        standby.pause();
    }

    public void resumeStandby() {
        standby.resume();
    }

    /** From now on the standby gets nothing, and commits do not wait for it: what is committed is lost when the primary dies. */
    public void lagBehind() {
        execute(writable, "alter system set synchronous_standby_names = ''", RELOAD);
        Patience.await("commits to wait for no standby", TO_FOLLOW).until(() -> number(IN_STEP) == 0);
        execute(standby, "alter system set primary_conninfo = ''", RELOAD);
        Patience.await("the standby to get nothing", TO_FOLLOW)
                .until(() -> number("select count(*) from pg_stat_replication") == 0);
    }

    /** Returns when the standby writes. */
    public void promote() {
        writable = standby;
        execute(standby, "select pg_promote(true, 60)");
    }

    private static void execute(PackagedPostgres at, String... statements) {
        at.server().execute("postgres", statements);
    }

    private long number(String sql) {
        return server().count("postgres", sql);
    }

    @Override
    public void close() {
        network.close();
        standby.close();
        primary.close();
    }
}
