package io.liveness.gateway.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Callers.Answer;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.http.FaultProxy;
import io.liveness.gateway.testsupport.http.JsonPost;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The gateway is killed (SIGKILL) in the middle of an erasure, before its caller was answered, and another one goes on. */
class KilledErasureIT {

    private static final String ERASURES = "/v1/erasures";
    private static final String PERSON = "person-4711";
    private static final JsonObject ORDER = new JsonObject().put("reference", PERSON);
    private static final int SESSIONS = 300;
    /** What one statement erases. */
    private static final int FIRST_BATCH = 200;

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Copies of a session with ids in the order of their numbers. */
    private static final String COPIES = """
            insert into liveness_session select (jsonb_populate_record(s, jsonb_build_object(
                'id', lpad(to_hex(n), 32, '0'), 'idempotency_key', 'copy-' || n, 'task_no', 'copy-' || n, 'token_hash', null))).*
            from liveness_session s, generate_series(1, %d) n
            """.formatted(SESSIONS - 1);

    /** The statement of the second batch waits in its middle while the lock is held. */
    private static final String WAIT_IN_THE_SECOND_BATCH = """
            create function wait_for_the_test() returns trigger language plpgsql as $$
            begin
                perform pg_advisory_xact_lock_shared(4711);
                return new;
            end $$;
            create trigger second_batch before update on erasure_session for each row
            when (new.session_id = '00000000-0000-0000-0000-0000000000ff') execute function wait_for_the_test()
            """;

    private static final String WAITING = " from pg_stat_activity where datname = current_database()"
            + " and wait_event_type = 'Lock' and wait_event = 'advisory'";

    private static final String ERASED = "select count(*) from liveness_session where erased_at is not null";
    private static final String WITH_REFERENCE =
            "select count(*) from liveness_session where reference = '" + PERSON + "'";

    private final Surroundings around = new Surroundings(SandboxSettings.defaults());

    @AfterEach
    void end() {
        around.close();
    }

    @Test
    void no_session_is_half_erased_and_each_is_erased_once() throws Exception {
        // The statement must not be given up before the gateway is killed.
        GatewayProcess gateway = around.start(around.environment().with("liveness.database.statement-timeout", "1m"));
        Answer opened = around.callers().open(gateway.url(), PERSON, "pass");
        around.callers().checkLater(gateway.url(), opened.id()).join();
        around.database().execute(COPIES);
        assertThat(count(WITH_REFERENCE)).isEqualTo(SESSIONS);
        around.database().execute(WAIT_IN_THE_SECOND_BATCH);

        CompletableFuture<HttpResponse<String>> unanswered;
        try (Connection hold = around.database().connect();
                Statement lock = hold.createStatement();
                FaultProxy toGateway = FaultProxy.to(gateway.url())) {
            lock.execute("select pg_advisory_lock(4711)");
            FaultProxy.Gate beforeAnswer = toGateway.holdAnswers();
            unanswered =
                    JsonPost.send(toGateway.url() + ERASURES, around.callers().accessToken(), ORDER);
            beforeAnswer.awaitReached();
            Patience.await("the second batch", PATIENCE).until(() -> count("select count(*)" + WAITING) == 1);
            gateway.kill();
            count("select count(pg_terminate_backend(pid))" + WAITING);
            Patience.await("the statement to end", PATIENCE).until(() -> count("select count(*)" + WAITING) == 0);
        }

        assertThat(unanswered).failsWithin(PATIENCE);
        assertThat(count(ERASED)).isEqualTo(FIRST_BATCH);
        assertThat(count(WITH_REFERENCE)).isEqualTo(SESSIONS - FIRST_BATCH);
        assertEvents(FIRST_BATCH);

        GatewayProcess another = around.start(around.environment());
        // As after a minute.
        around.database().execute("update erasure set next_run_at = liveness_now()");
        Patience.await("the erasure", PATIENCE)
                .until(() -> erase(another.url()).getString("status").equals("DONE"));

        assertThat(erase(another.url()).getInteger("sessionsErased")).isEqualTo(SESSIONS);
        assertThat(count("select count(*) from erasure")).isEqualTo(1);
        assertThat(count(ERASED)).isEqualTo(SESSIONS);
        assertThat(count(WITH_REFERENCE)).isZero();
        assertEvents(SESSIONS);
    }

    /** The answer to the same request. */
    private JsonObject erase(String gateway) {
        return JsonPost.answer(202, gateway + ERASURES, around.callers().accessToken(), ORDER);
    }

    /** Each erased session, and no other, has both events once. */
    private void assertEvents(int sessions) {
        for (String type : new String[] {"ERASED", "FACE_REDACTED"}) {
            assertThat(count("select count(*) from session_event where type = '" + type + "'"))
                    .as(type)
                    .isEqualTo(sessions);
            assertThat(count("select count(distinct e.session_id) from session_event e join liveness_session s"
                            + " on s.id = e.session_id and s.erased_at is not null where e.type = '" + type + "'"))
                    .as(type)
                    .isEqualTo(sessions);
        }
    }

    private long count(String sql) {
        return around.database().count(sql);
    }
}
