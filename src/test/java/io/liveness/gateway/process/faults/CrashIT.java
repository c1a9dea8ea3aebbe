package io.liveness.gateway.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Callers.Answer;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.TestDatabase;
import io.liveness.gateway.testsupport.http.FaultProxy;
import io.liveness.gateway.testsupport.load.BothBooks;
import io.liveness.gateway.testsupport.load.StoredSession;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The gateway is killed (SIGKILL) at every step of opening and settling, another one is started on the same database, and the
 * caller repeats its request. Whatever the step: one key led to one init at most, and both books tell the same.
 */
class CrashIT {

    private static final String KEY = "order-4711";
    private static final Duration TOKEN_LIFETIME = Duration.ofSeconds(5);
    // A lease has to run out too, or another gateway has to start: on a busy machine that takes its time.
    private static final Duration TOKEN_LIFETIME_BEYOND_A_LEASE = Duration.ofSeconds(40);
    private static final Duration TO_FINISH = Duration.ofSeconds(60);

    private Surroundings around;
    private Duration tokenLifetime;

    @AfterEach
    void end() {
        around.close();
    }

    @Test
    void killed_before_init_reached_the_vendor() {
        surround(TOKEN_LIFETIME);
        try (FaultProxy toVendor = FaultProxy.to(around.vendorUrl())) {
            FaultProxy.Gate beforeInit = toVendor.holdRequests();
            GatewayProcess gateway =
                    around.start(configuration().with("quarkus.rest-client.jumdata-init.url", toVendor.url()));
            around.callers().openLater(gateway.url(), KEY, "pass");
            beforeInit.awaitReached();
            gateway.kill();
        }

        assertThat(repeat(restart())).isEqualTo("UNKNOWN");
        StoredSession session = finished();
        assertThat(session.end()).isEqualTo("UNKNOWN/REFUNDED");
        assertThat(around.books().initCalls()).isZero();
    }

    @Test
    void killed_after_the_vendor_took_the_fee_and_before_its_answer_came() {
        surround(TOKEN_LIFETIME);
        try (FaultProxy toVendor = FaultProxy.to(around.vendorUrl())) {
            FaultProxy.Gate beforeAnswer = toVendor.holdAnswers();
            GatewayProcess gateway =
                    around.start(configuration().with("quarkus.rest-client.jumdata-init.url", toVendor.url()));
            around.callers().openLater(gateway.url(), KEY, "pass");
            beforeAnswer.awaitReached();
            gateway.kill();
        }

        assertThat(repeat(restart())).isEqualTo("UNKNOWN");
        StoredSession session = finished();
        assertThat(session.end()).isEqualTo("UNKNOWN/REFUNDED");
        assertThat(around.books().initCalls()).isEqualTo(1);
        assertThat(around.books().rows()).hasSize(1);
    }

    @Test
    void killed_after_the_answer_of_init_and_before_it_was_recorded() throws SQLException {
        surround(TOKEN_LIFETIME);
        GatewayProcess gateway = around.start(configuration());
        try (HeldLedger ledger = HeldLedger.of(around.database())) {
            around.callers().openLater(gateway.url(), KEY, "pass");
            ledger.awaitWriter();
            gateway.kill();
            ledger.endWriters();
        }

        assertThat(repeat(restart())).isEqualTo("UNKNOWN");
        StoredSession session = finished();
        assertThat(session.end()).isEqualTo("UNKNOWN/REFUNDED");
        assertThat(around.books().initCalls()).isEqualTo(1);
        assertThat(around.books().rows()).hasSize(1);
    }

    @Test
    void killed_after_init_was_recorded_and_before_the_caller_was_answered() {
        surround(TOKEN_LIFETIME_BEYOND_A_LEASE);
        GatewayProcess gateway = around.start(configuration().with("liveness.poll.timetable", "5s"));
        try (FaultProxy toGateway = FaultProxy.to(gateway.url())) {
            FaultProxy.Gate beforeAnswer = toGateway.holdAnswers();
            around.callers().openLater(toGateway.url(), KEY, "pass");
            beforeAnswer.awaitReached();
            gateway.kill();
        }

        assertThat(onlySession().status()).isEqualTo("PENDING");
        assertThat(repeat(restart())).isIn("PENDING", "PASSED");
        StoredSession session = finished();
        assertThat(session.end()).isEqualTo("PASSED/CHARGED");
        assertThat(around.books().initCalls()).isEqualTo(1);
    }

    @Test
    void killed_while_a_leased_session_is_asked_about() {
        surround(TOKEN_LIFETIME_BEYOND_A_LEASE);
        try (FaultProxy toVendor = FaultProxy.to(around.vendorUrl())) {
            FaultProxy.Gate beforeAnswer = toVendor.holdAnswers();
            GatewayProcess gateway = around.start(configuration()
                    .with("quarkus.rest-client.jumdata-init.url", around.vendorUrl())
                    .with("quarkus.rest-client.jumdata.url", toVendor.url()));
            assertThat(around.callers().open(gateway.url(), KEY, "pass").status())
                    .isEqualTo(201);
            beforeAnswer.awaitReached();
            gateway.kill();
        }

        GatewayProcess gateway = restart();
        assertThat(repeat(gateway)).isEqualTo("PENDING");
        StoredSession session = finished();
        assertThat(session.end()).isEqualTo("PASSED/CHARGED");
        assertThat(repeat(gateway)).isEqualTo("PASSED");
        assertThat(around.books().initCalls()).isEqualTo(1);
        assertThat(around.books().resultCalls()).isEqualTo(2);
    }

    @Test
    void killed_after_settling_and_before_the_caller_was_answered() {
        surround(TOKEN_LIFETIME_BEYOND_A_LEASE);
        GatewayProcess gateway = around.start(configuration().with("liveness.poll.timetable", "5s"));
        Answer opened = around.callers().open(gateway.url(), KEY, "pass");
        try (FaultProxy toGateway = FaultProxy.to(gateway.url())) {
            FaultProxy.Gate beforeAnswer = toGateway.holdAnswers();
            around.callers().checkLater(toGateway.url(), opened.id());
            beforeAnswer.awaitReached();
            gateway.kill();
        }

        assertThat(onlySession().end()).isEqualTo("PASSED/CHARGED");
        GatewayProcess another = restart();
        assertThat(repeat(another)).isEqualTo("PASSED");
        assertThat(around.callers()
                        .checkLater(another.url(), opened.id())
                        .join()
                        .sessionStatus())
                .isEqualTo("PASSED");
        finished();
        assertThat(around.books().initCalls()).isEqualTo(1);
        assertThat(around.books().resultCalls()).isEqualTo(1);
    }

    private void surround(Duration lifetimeOfTokens) {
        around = new Surroundings(SandboxSettings.defaults().withTokenLifetime(lifetimeOfTokens));
        tokenLifetime = lifetimeOfTokens;
    }

    /** Everything comes to its end within seconds. */
    private GatewayEnvironment configuration() {
        return around.environment()
                .with("jumdata.timeout", "2s")
                .with("jumdata.connect-timeout", "400ms")
                .with("jumdata.token-lifetime", tokenLifetime.toString())
                .with("liveness.opening-timeout", "3s")
                .with("liveness.heartbeat", "1s")
                .with("liveness.expiry-grace", "1s")
                .with("liveness.poll.timetable", "500ms,1s")
                .with("liveness.poll.final-polls", "1s");
    }

    private GatewayProcess restart() {
        return around.start(configuration());
    }

    /** @return the status of the session that the repeated request is answered with */
    private String repeat(GatewayProcess gateway) {
        return Patience.await("the repeated request to be in flight no longer", TO_FINISH)
                .until(() -> around.callers().open(gateway.url(), KEY, "pass"), answer -> {
                    assertThat(answer.status()).as("%s", answer.problem()).isIn(200, 409);
                    assertThat(answer.replayed()).isEqualTo(answer.status() == 200);
                    return answer.status() == 200;
                })
                .sessionStatus();
    }

    /** The session once nothing is left to do, with both books compared. */
    private StoredSession finished() {
        Patience.await("the session to be over", TO_FINISH)
                .until(() -> StoredSession.unfinished(around.database()) == 0);
        List<StoredSession> sessions = StoredSession.all(around.database());
        BothBooks.assertAgree(sessions, around.books().rows());
        return onlySession();
    }

    private StoredSession onlySession() {
        List<StoredSession> sessions = StoredSession.all(around.database());
        assertThat(sessions).hasSize(1);
        return sessions.get(0);
    }

    /** Prevents other writes to the ledger until it is closed. Reads continue. */
    private static final class HeldLedger implements AutoCloseable {

        private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

        private static final String OTHERS = " from pg_stat_activity where datname = current_database()"
                + " and backend_type = 'client backend' and pid <> pg_backend_pid()";

        private final Connection connection;

        private HeldLedger(Connection connection) {
            this.connection = connection;
        }

        static HeldLedger of(TestDatabase database) throws SQLException {
            Connection connection = database.connect();
            connection.setAutoCommit(false);
            HeldLedger held = new HeldLedger(connection);
            held.execute("lock table ledger_entry in exclusive mode");
            return held;
        }

        void awaitWriter() {
            Patience.await("a statement to wait for the ledger", LONGEST_WAIT)
                    .until(() -> count("select count(*)" + OTHERS
                                    + " and wait_event_type = 'Lock' and query like '%insert into ledger_entry%'")
                            > 0);
        }

        /** Cancels the waiting writes, so that they are not done after their senders have ended. */
        void endWriters() {
            Patience.await("the other connections to end", LONGEST_WAIT).until(() -> {
                count("select count(pg_terminate_backend(pid))" + OTHERS);
                return count("select count(*)" + OTHERS) == 0;
            });
        }

        private long count(String sql) throws SQLException {
            // The statistics are otherwise those of the first look in this transaction.
            execute("select pg_stat_clear_snapshot()");
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                row.next();
                return row.getLong(1);
            }
        }

        private void execute(String sql) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        @Override
        public void close() throws SQLException {
            connection.rollback();
            connection.close();
        }
    }
}
