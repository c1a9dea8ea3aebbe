package io.liveness.gateway.process.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.TestDatabase;
import io.liveness.gateway.testsupport.load.StoredSession;
import io.liveness.gateway.testsupport.postgres.FailoverPostgres;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The runbook's steps after a restore, of a backup that was taken while a session was open. It has passed since. */
class RestoreIT {

    private static final Duration TOKEN_LIFETIME = Duration.ofSeconds(10);
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final Duration TO_FINISH = Duration.ofMinutes(1);
    private static final Duration LONG_OVER = TOKEN_LIFETIME.plus(GRACE).plusSeconds(5);

    private final Surroundings around =
            new Surroundings(SandboxSettings.defaults().withTokenLifetime(TOKEN_LIFETIME));

    @AfterEach
    void end() {
        around.close();
    }

    @Test
    void nothing_ends_by_itself_until_an_operator_says_so() {
        Optional<Path> programs = FailoverPostgres.programs();
        assumeTrue(programs.isPresent(), "no installed PostgreSQL: give its directory as -Dtest.postgres");
        GatewayProcess before = around.start(environment());
        String open = around.callers().open(before.url(), "open", "pass").id();
        Path backup = around.database().backup(programs.get());
        Patience.await("its verdict", TO_FINISH)
                .until(() -> StoredSession.all(around.database()).get(0).end().equals("PASSED/CHARGED"));
        String gap = around.callers().open(before.url(), "gap", "pass").id();
        before.kill();
        TestDatabase restored = TestDatabase.create();
        restored.restore(programs.get(), backup);
        restored.execute("select restored()");
        Patience.await("the token to be over at the vendor too", TO_FINISH)
                .until(() ->
                        restored.count("select count(*) from session_schedule where token_expires_at > now()") == 0);

        GatewayProcess after = around.start(restored.configuration().entrySet().stream()
                .reduce(environment(), (all, one) -> all.with(one.getKey(), one.getValue()), (one, other) -> other));
        Patience.await("the token to be long over", TO_FINISH)
                .pollDelay(LONG_OVER)
                .until(() -> after.output().stream().anyMatch(line -> line.contains("write-offs.held")));

        assertThat(StoredSession.all(restored)).singleElement().satisfies(session -> {
            assertThat(session.end()).as("no second verdict").isEqualTo("PENDING/PRE_DEDUCTED");
            assertThat(session.events()).doesNotContain("CHECKED");
        });
        assertThat(restored.rows("select s.id from liveness_session s join session_schedule l on l.session_id = s.id"
                        + " where l.status <> 'PENDING' or l.token_expires_at < now()"))
                .as("the runbook's list of the unfinished")
                .containsExactly(List.of(open));
        assertThat(around.callers().status("GET", after.url() + "/v1/liveness-sessions/" + gap))
                .as("opened in the gap")
                .isEqualTo(404);
        assertThat(before.output())
                .as("the runbook finds it in the log")
                .anyMatch(line -> line.contains("session.opened sessionId=" + gap) && line.contains("taskNo="));

        restored.execute("select resume_write_offs()");
        Patience.await("every session to be over", TO_FINISH).until(() -> StoredSession.unfinished(restored) == 0);
        assertThat(StoredSession.all(restored).get(0).end()).isEqualTo("EXPIRED/REFUNDED");
    }

    private GatewayEnvironment environment() {
        return around.environment()
                .with("jumdata.token-lifetime", TOKEN_LIFETIME.toString())
                .with("liveness.expiry-grace", GRACE.toString())
                .with("liveness.poll.timetable", "5s")
                .with("liveness.poll.final-polls", "1s");
    }
}
