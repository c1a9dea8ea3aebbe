package io.liveness.gateway.check.open;

import static io.liveness.gateway.testsupport.LowLimits.OPEN_SESSIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.liveness.gateway.check.http.LimitMetrics;
import io.liveness.gateway.sandbox.Sandbox;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.LowLimits;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions that a caller may have open at a time. */
@QuarkusTest
@TestProfile(LowLimits.class)
class OpenSessionsLimitTest {

    private static final int AT_ONCE = 20;

    /** The count covers sequential scans and every index, within this transaction. */
    private static final String ROWS_READ = """
            select sum(seq_tup_read + (select sum(pg_stat_get_xact_tuples_returned(indexrelid)) from pg_index
                                       where indrelid = relid))
            from pg_stat_xact_user_tables where relname in ('session_open', 'session_schedule')
            """;

    private final Api api = Api.asNewCaller();
    private final String key = UUID.randomUUID().toString();

    @Inject
    Sandbox sandbox;

    @Inject
    StoreIntent intents;

    @Inject
    Clock clock;

    @Inject
    Stored stored;

    @Test
    void one_more_than_the_limit_is_refused_and_leaves_no_trace() {
        openAll();
        long calls = sandbox.books().initCalls();

        open("pass")
                .then()
                .statusCode(429)
                .contentType("application/problem+json")
                .header("Retry-After", "5")
                .header("RateLimit-Policy", "\"requests\";q=60;w=1, \"open-sessions\";q=3")
                .header("RateLimit", endsWith(", \"open-sessions\";r=0"))
                .body("code", equalTo("rate-limited"))
                .body("sessionId", nullValue());

        assertThat(sandbox.books().initCalls()).isEqualTo(calls);
        assertThat(sessions()).isEqualTo(OPEN_SESSIONS);
    }

    @Test
    void a_settled_session_makes_room_and_the_key_is_still_good() {
        List<String> open = openAll();
        open("pass").then().statusCode(429);

        api.check(open.get(0)).then().body("status", equalTo("PASSED"));

        open("pass").then().statusCode(201).header("Idempotency-Replayed", nullValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"code-601", "code-609", "drop-after-fee", "charge-false"})
    void only_what_is_opening_or_waits_for_its_verdict_counts(String scenario) {
        IntStream.range(0, OPEN_SESSIONS + 1).forEach(n -> {
            Response answer = api.open(scenario);
            assertThat(answer.statusCode()).isNotEqualTo(429);
            if (answer.statusCode() == 201) {
                api.check(answer.path("id"));
            }
        });
    }

    @Test
    void a_known_key_is_answered_as_ever() {
        String id = open("pass").path("id");
        api.opened("pass");
        api.opened("pass");
        api.open("pass").then().statusCode(429);

        open("pass")
                .then()
                .statusCode(200)
                .header("Idempotency-Replayed", "true")
                .body("id", equalTo(id));
        open("fail").then().statusCode(422);
    }

    @Test
    void another_try_after_a_retryable_rejection_needs_a_place_too() {
        String id = open("code-609-once").then().statusCode(503).extract().path("sessionId");
        List<String> open = openAll();

        open("code-609-once").then().statusCode(429);
        assertThat(api.eventTypes(id)).containsExactly("OPENING", "REJECTED");

        api.check(open.get(0));
        open("code-609-once").then().statusCode(201).body("id", equalTo(id));
    }

    @Test
    void a_key_that_is_taken_is_not_over_the_limit() {
        open("pass").then().statusCode(201);
        assertThat(store(key)).isEqualTo(StoreIntent.Stored.NOT_STORED);

        Stream.generate(() -> api.opened("pass")).limit(OPEN_SESSIONS - 1).forEach(id -> {});
        assertThat(store(UUID.randomUUID().toString())).isEqualTo(StoreIntent.Stored.OVER_LIMIT);
    }

    private StoreIntent.Stored store(String ofKey) {
        return intents.store(Openings.of(api.caller(), ofKey, clock.instant()))
                .await()
                .atMost(Duration.ofSeconds(20));
    }

    @Test
    void of_many_at_once_exactly_the_limit_is_opened() {
        double refusals = LimitMetrics.refusals("open-sessions");
        List<Response> answers = Api.atOnce(AT_ONCE, () -> api.open("pass"));

        assertThat(answers.stream().filter(answer -> answer.statusCode() == 201))
                .hasSize(OPEN_SESSIONS);
        assertThat(answers.stream().filter(answer -> answer.statusCode() == 429))
                .hasSize(AT_ONCE - OPEN_SESSIONS);
        assertThat(sessions()).isEqualTo(OPEN_SESSIONS);
        assertThat(LimitMetrics.refusals("open-sessions")).isEqualTo(refusals + AT_ONCE - OPEN_SESSIONS);
    }

    @Test
    void the_limit_and_the_lists_of_open_sessions_read_no_session_of_another_caller() throws SQLException {
        openAll();
        try (Connection connection = stored.connection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("""
                    insert into session_schedule (session_id, caller, status, attempt, init_at, next_poll_at, token_sealed, token_expires_at)
                    select gen_random_uuid(), 'other-' || n % 3, 'PENDING', 1, now(), 'infinity', '', 'infinity'
                    from generate_series(1, 3000) n
                    """);
            // The plan that a long-lived connection ends up with.
            statement.execute("set local plan_cache_mode = force_generic_plan");
            statement.execute("set local enable_seqscan = off");
            long before = number(statement, ROWS_READ);

            assertThat(number(statement, "select session_may_open('%s', 3)::int".formatted(api.caller())))
                    .isZero();

            assertThat(number(statement, ROWS_READ) - before).isLessThanOrEqualTo(OPEN_SESSIONS);
            connection.rollback();
        }
    }

    @Test
    void what_is_open_by_caller_is_what_is_on_the_schedule() {
        String passed = api.opened("pass");
        String pending = api.opened("abandon");
        String unknown = api.open("drop-after-fee").path("sessionId");
        api.open("code-609");
        api.check(passed);

        assertThat(stored.strings(
                        "select status || ' ' || session_id from session_open where caller = ? order by status",
                        api.caller()))
                .containsExactly("PENDING " + pending, "UNKNOWN " + unknown);
        assertThat(listed("PENDING")).containsExactly(pending);
        assertThat(listed("UNKNOWN")).containsExactly(unknown);
        assertThat(listed("PASSED")).containsExactly(passed);
        assertThat(listed("OPENING")).isEmpty();
    }

    private List<String> listed(String status) {
        return api.request().queryParam("status", status).get(Api.SESSIONS).path("items.id");
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private List<String> openAll() {
        return Stream.generate(() -> api.opened("pass")).limit(OPEN_SESSIONS).toList();
    }

    private Response open(String scenario) {
        return api.open(
                key, "{\"returnUrl\":\"https://shop.example/" + key + "\",\"title\":\"sandbox:" + scenario + "\"}");
    }

    private long sessions() {
        return stored.count("select count(*) from liveness_session where caller = ?", api.caller());
    }
}
