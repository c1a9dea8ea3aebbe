package io.liveness.gateway.process.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Callers.Answer;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.TestDatabase;
import io.liveness.gateway.testsupport.load.BothBooks;
import io.liveness.gateway.testsupport.load.StoredSession;
import io.liveness.gateway.testsupport.postgres.FailoverPostgres;
import io.liveness.gateway.testsupport.postgres.SmallDiskPostgres;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two gateways go on opening while the database takes no record for longer than an open may take: what the vendor has accepted is recorded
 * afterwards, and not written off as if nobody knew its answer.
 */
@Tag("long")
class SlowRecordingIT {

    /** Every table that an open writes or that tells whether its process lives, in pairs: those of the record, then those of the intent. */
    private static final List<String> LOCKED =
            List.of("session_token, ledger_entry", "session_event, opener", "liveness_session, session_schedule");

    // An opening is due to be written off 12 seconds after its request, and a gateway counts as gone after 36 without a
    // sign of life.
    private static final Duration HELD_UP = Duration.ofSeconds(20);
    private static final Duration BETWEEN_OPENS = Duration.ofMillis(400);
    private static final Duration BEFORE = Duration.ofSeconds(3);
    private static final Duration TO_FINISH = Duration.ofMinutes(4);

    private final List<CompletableFuture<Answer>> opens = new ArrayList<>();
    private Surroundings around;
    private List<GatewayProcess> gateways;

    @AfterEach
    void end() {
        if (around != null) {
            around.close();
        }
    }

    @Test
    void tables_that_are_locked_make_no_accepted_session_unknown() throws SQLException {
        start(TestDatabase.create());
        for (String tables : LOCKED) {
            open(BEFORE);
            try (Connection connection = around.database().connect();
                    Statement lock = connection.createStatement()) {
                connection.setAutoCommit(false);
                lock.execute("lock table " + tables + " in access exclusive mode");
                open(HELD_UP);
                connection.rollback();
            }
        }

        assertAllIsRecorded("Tables locked in turn");
    }

    @Test
    void a_full_disk_makes_no_accepted_session_unknown() {
        Optional<SmallDiskPostgres> started = FailoverPostgres.programs().flatMap(SmallDiskPostgres::start);
        assumeTrue(started.isPresent(), "no installed PostgreSQL, or nobody may mount a file system");
        try (SmallDiskPostgres postgres = started.get()) {
            start(postgres.database());
            open(BEFORE);
            postgres.fill();
            fillTheLastPage("session_token");
            open(HELD_UP);
            postgres.free();

            assertAllIsRecorded("Disk full");
            around.close();
            around = null;
        }
    }

    /** Fills a table that only the record of an accepted init grows: intents have room in theirs, and their inits are sent. */
    private void fillTheLastPage(String table) {
        try (Connection connection = around.database().connect();
                Statement row = connection.createStatement()) {
            while (true) {
                row.execute(
                        "insert into " + table + " values (sha256(gen_random_uuid()::text::bytea), gen_random_uuid())");
            }
        } catch (SQLException full) {
            assertThat(full.getSQLState()).as(full.getMessage()).isEqualTo("53100");
        }
    }

    private void start(TestDatabase database) {
        around = new Surroundings(SandboxSettings.defaults(), database);
        GatewayEnvironment environment = around.environment()
                .with("jumdata.timeout", "4s")
                .with("jumdata.connect-timeout", "400ms")
                .with("liveness.opening-timeout", "6s")
                .with("liveness.heartbeat", "3s");
        gateways = List.of(around.launch(environment), around.launch(environment));
        gateways.forEach(GatewayProcess::awaitReady);
    }

    private void open(Duration during) {
        Instant end = Instant.now().plus(during);
        while (Instant.now().isBefore(end)) {
            int n = opens.size();
            opens.add(
                    around.callers().openLater(gateways.get(n % gateways.size()).url(), "key-" + n, "pass"));
            CompletableFuture.runAsync(
                            () -> {},
                            CompletableFuture.delayedExecutor(BETWEEN_OPENS.toMillis(), TimeUnit.MILLISECONDS))
                    .join();
        }
    }

    private void assertAllIsRecorded(String fault) {
        Map<Integer, Long> answers = opens.stream()
                .map(CompletableFuture::join)
                .collect(Collectors.groupingBy(Answer::status, TreeMap::new, Collectors.counting()));
        Patience.await("every session to be over", TO_FINISH)
                .until(() -> around.database().count("select count(*) from session_schedule where status <> 'UNKNOWN'")
                        == 0);
        List<StoredSession> sessions = StoredSession.all(around.database());
        System.out.printf(
                "%s for %d s: opens %s; ends %s; %d inits%n",
                fault,
                HELD_UP.toSeconds(),
                answers,
                sessions.stream().collect(Collectors.groupingBy(StoredSession::end, Collectors.counting())),
                around.books().initCalls());
        assertThat(sessions.stream().filter(session -> session.status().equals("UNKNOWN")))
                .as("every init was accepted")
                .isEmpty();
        assertThat(answers.get(201))
                .as("opened in time: some were recorded after their callers were answered 503")
                .isLessThan(around.books().initCalls());
        BothBooks.assertAgree(sessions, around.books().rows());
    }
}
