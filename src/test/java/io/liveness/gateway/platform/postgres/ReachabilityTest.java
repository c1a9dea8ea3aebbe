package io.liveness.gateway.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.platform.postgres.connection.PostgresSockets.ServerOnlyReads;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReachabilityTest {

    private long nanos = Long.MAX_VALUE - 5;
    private final Database.Reachability reachability = new Database.Reachability(() -> nanos);

    @Test
    void every_statement_may_be_sent_to_a_database_that_answers() {
        assertThat(reachability.mayTry()).isTrue();
        assertThat(reachability.mayTry()).isTrue();
    }

    @Test
    void four_statements_a_second_are_sent_to_a_database_that_is_away() {
        fails();

        assertThat(reachability.mayTry()).isFalse();
        pass(Duration.ofMillis(250));
        assertThat(reachability.mayTry()).isTrue();
        assertThat(reachability.mayTry()).isFalse();
        pass(Duration.ofMillis(249));
        assertThat(reachability.mayTry()).isFalse();
        pass(Duration.ofMillis(1));
        assertThat(reachability.mayTry()).isTrue();
    }

    @Test
    void one_answer_ends_it() {
        fails();

        reachability.answered();

        assertThat(reachability.mayTry()).isTrue();
        assertThat(reachability.mayTry()).isTrue();
    }

    @Test
    void a_statement_without_an_answer_says_nothing_when_another_had_one_meanwhile() {
        long begun = reachability.now();
        pass(Duration.ofSeconds(1));
        reachability.answered();
        pass(Duration.ofSeconds(4));

        reachability.unanswered(begun, DatabaseUnavailable.notInTime());

        assertThat(reachability.mayTry()).isTrue();
    }

    @Test
    void a_statement_that_fails_soon_keeps_no_other_from_trying() {
        pass(Duration.ofSeconds(1));
        long begun = reachability.now();
        pass(Duration.ofMillis(999));

        reachability.unanswered(begun, DatabaseUnavailable.notInTime());

        assertThat(reachability.mayTry()).isTrue();
        assertThat(reachability.mayTry()).isTrue();
    }

    @Test
    void a_database_that_only_reads_is_away_at_once_and_says_why() {
        pass(Duration.ofSeconds(1));

        reachability.unanswered(reachability.now(), onlyReads());

        assertThat(reachability.mayTry()).isFalse();
        assertThat(reachability.refusal().onlyReads()).isTrue();
        assertThat(reachability.refusal()).hasMessage("The database only reads");
    }

    private static DatabaseUnavailable onlyReads() {
        return DatabaseUnavailable.behindDriver(new ServerOnlyReads("The server db-2:5432"))
                .orElseThrow();
    }

    private void fails() {
        pass(Duration.ofSeconds(1));
        long begun = reachability.now();
        pass(Duration.ofSeconds(5));
        reachability.unanswered(begun, DatabaseUnavailable.notInTime());
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }
}
