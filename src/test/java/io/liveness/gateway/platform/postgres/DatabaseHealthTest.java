package io.liveness.gateway.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.postgres.connection.PostgresSockets.ServerOnlyReads;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DatabaseHealthTest {

    private static final Duration AFTERWARDS = Duration.ofSeconds(10);

    private long nanos = Long.MAX_VALUE - 5;
    private final DatabaseHealth health = new DatabaseHealth(() -> nanos);

    @Test
    void every_statement_may_be_sent_to_a_database_that_answers() {
        assertAnswers();
    }

    @Test
    void four_statements_a_second_are_sent_to_a_database_that_is_away() {
        fails();

        assertThat(health.mayTry()).isFalse();
        pass(Duration.ofMillis(250));
        assertThat(health.mayTry()).isTrue();
        assertThat(health.mayTry()).isFalse();
        pass(Duration.ofMillis(249));
        assertThat(health.mayTry()).isFalse();
        pass(Duration.ofMillis(1));
        assertThat(health.mayTry()).isTrue();
    }

    @Test
    void one_answer_ends_it() {
        fails();

        answered();

        assertAnswers();
    }

    @Test
    void a_statement_without_an_answer_says_nothing_when_another_had_one_meanwhile() {
        long begun = health.now();
        pass(Duration.ofSeconds(1));
        answered();
        pass(Duration.ofSeconds(4));

        ended(false, DatabaseUnavailable.notInTime(), begun);

        assertAnswers();
    }

    @Test
    void a_statement_that_fails_soon_keeps_no_other_from_trying() {
        pass(Duration.ofSeconds(1));
        long begun = health.now();
        pass(Duration.ofMillis(999));

        ended(false, DatabaseUnavailable.notInTime(), begun);

        assertAnswers();
    }

    @Test
    void a_database_that_only_reads_is_away_at_once_and_says_why() {
        pass(Duration.ofSeconds(1));

        ended(false, DatabaseUnavailable.orItself(new ServerOnlyReads("The server db-2:5432")), health.now());

        assertThat(health.mayTry()).isFalse();
        assertThat(health.refusal().failure()).isEqualTo(DatabaseFailure.ONLY_READS);
        assertThat(health.refusal()).hasMessage("The database only reads");
    }

    /** Each try would have the server compute a hash, and count as an attack somewhere. */
    @Test
    void a_password_that_is_refused_is_not_tried_by_every_statement() {
        pass(Duration.ofSeconds(1));

        ended(false, refused("28P01"), health.now());

        assertThat(health.mayTry()).isFalse();
        assertThat(health.refusal().reason()).contains("The database refuses the service", "28P01");
    }

    @Test
    void a_right_that_one_statement_lacks_keeps_no_other_from_trying() {
        pass(Duration.ofSeconds(1));

        ended(true, refused("42501"), health.now());

        assertAnswers();
    }

    @Test
    void it_was_away_lately_after_a_start_and_after_a_failure_for_want_of_it() {
        assertThat(health.wasAwayLately()).isTrue();
        pass(AFTERWARDS);
        assertThat(health.wasAwayLately()).isFalse();

        ended(true, refused("57014"), health.now());
        assertThat(health.wasAwayLately()).isTrue();
        answered();
        pass(AFTERWARDS.minusNanos(1));
        assertThat(health.wasAwayLately()).isTrue();
        pass(Duration.ofNanos(1));
        assertThat(health.wasAwayLately()).isFalse();
    }

    @Test
    void neither_a_fault_nor_the_batch_lane_says_that_it_was_away() {
        pass(AFTERWARDS);

        ended(true, new IllegalStateException("a fault of ours"), health.now());
        health.ended(Connections.BATCH, true, refused("57014"), health.now());

        assertThat(health.wasAwayLately()).isFalse();
    }

    @Test
    void commits_hang_when_one_waits_for_longer_and_until_none_does() {
        health.seeCommits(Set.of("1 at noon"));
        assertThat(health.commitsHang()).isFalse();
        health.seeCommits(Set.of("2 at one"));
        assertThat(health.commitsHang()).as("another one").isFalse();

        health.seeCommits(Set.of("2 at one", "3 at two"));
        assertThat(health.commitsHang()).isTrue();
        health.seeCommits(Set.of("4 at three"));
        assertThat(health.commitsHang()).isTrue();

        health.seeCommits(Set.of());
        assertThat(health.commitsHang()).isFalse();
    }

    private void assertAnswers() {
        assertThat(health.mayTry()).isTrue();
        assertThat(health.mayTry()).isTrue();
    }

    private static DatabaseUnavailable refused(String state) {
        return (DatabaseUnavailable)
                DatabaseUnavailable.orItself(new PgException("refused in a test", "FATAL", state, ""));
    }

    private void fails() {
        pass(Duration.ofSeconds(1));
        long begun = health.now();
        pass(Duration.ofSeconds(5));
        ended(false, DatabaseUnavailable.notInTime(), begun);
    }

    private void answered() {
        ended(true, null, health.now());
    }

    private void ended(boolean connected, Throwable failure, long begun) {
        health.ended(Connections.SHARED, connected, failure, begun);
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }
}
