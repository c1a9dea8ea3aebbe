package io.liveness.gateway.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.TestDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class FeedTest {

    private final Api api = Api.asNewCaller();
    private final WebhookApi webhooks = new WebhookApi(api);

    @Inject
    Stored stored;

    @Inject
    MeterRegistry meters;

    @Test
    void a_caller_without_an_endpoint_reads_its_events_in_order() {
        String first = api.settled("pass");
        String unknown =
                api.open("drop-after-fee").then().statusCode(504).extract().path("sessionId");
        String last = api.settled("pass");

        Response feed = webhooks.events(null);

        feed.then()
                .statusCode(200)
                .body("items.data.sessionId", equalTo(List.of(first, unknown, last)))
                .body(
                        "items.type",
                        equalTo(List.of(
                                "liveness.session.settled", "liveness.session.unknown", "liveness.session.settled")))
                .body("items[0].data.status", equalTo("PASSED"))
                .body("items[0].data.chargeStatus", equalTo("CHARGED"))
                .body("items[1].data.status", equalTo("UNKNOWN"))
                .body("items[1].data.chargeStatus", equalTo("UNCONFIRMED"));
    }

    @Test
    void another_caller_reads_none_of_them_and_cannot_use_the_token() {
        api.settled("pass");
        String next = webhooks.events(null).path("next");
        Api other = Api.asNewCaller();

        new WebhookApi(other).events(null).then().statusCode(200).body("items", empty());
        new WebhookApi(other).events(next).then().statusCode(400).body("errors[0].field", equalTo("after"));
    }

    @Test
    void a_transaction_that_writes_no_event_does_not_hold_it_back() throws Exception {
        String next = webhooks.events(null).path("next");
        try (Connection ofAnotherDatabase = TestDatabase.create().connect();
                Connection ofThisOne = stored.connection()) {
            begin(ofAnotherDatabase);
            begin(ofThisOne);
            String session = api.settled("pass");

            webhooks.events(next).then().body("items.data.sessionId", equalTo(List.of(session)));
            ofThisOne.rollback();
        }
    }

    /** Each writer commits some time after it has its numbers; the reader goes on from page to page meanwhile. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void a_reader_misses_nothing_of_writers_that_commit_late(long seed) throws Exception {
        Random random = new Random(seed);
        String session = api.settled("pass");
        String next = webhooks.events(null).path("next");
        List<String> read = new ArrayList<>();
        List<Connection> writers = new ArrayList<>();
        try {
            for (int nth = 0; nth < 4; nth++) {
                Connection writer =
                        DriverManager.getConnection(setting("jdbc.url"), setting("username"), setting("password"));
                writer.setAutoCommit(false);
                writers.add(writer);
            }
            for (int step = 0; step < 150; step++) {
                Connection writer = writers.get(random.nextInt(writers.size()));
                switch (random.nextInt(6)) {
                    case 0, 1 -> insertEvent(writer, session);
                    case 2 -> writer.commit();
                    case 3 -> {
                        if (random.nextInt(4) == 0) {
                            writer.rollback();
                        }
                    }
                    default -> next = readOn(next, 1 + random.nextInt(3), read);
                }
            }
            for (Connection writer : writers) {
                writer.commit();
            }
        } finally {
            for (Connection writer : writers) {
                writer.close();
            }
        }
        assertThat(read).as("what was read meanwhile").isNotEmpty();
        for (int known = -1; known < read.size(); ) {
            known = read.size();
            next = readOn(next, 100, read);
        }

        assertThat(read)
                .isEqualTo(stored.strings(
                        "select id from session_event where caller = ? order by seq offset 1", api.caller()));
    }

    private static String setting(String ofDatabase) {
        return ConfigProvider.getConfig().getValue("quarkus.datasource." + ofDatabase, String.class);
    }

    private String readOn(String next, int pageSize, List<String> read) {
        Response page = api.request()
                .queryParam("pageSize", pageSize)
                .queryParam("after", next)
                .get("/v1/events");
        read.addAll(page.path("items.id"));
        return page.path("next");
    }

    /** A transaction with an id, as settling has one before it inserts. */
    private static void begin(Connection connection) throws Exception {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("select pg_current_xact_id()");
        }
    }

    private void insertEvent(Connection connection, String session) throws Exception {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "insert into session_event (id, session_id, type, at, detail, caller) values (gen_random_uuid(), '"
                            + session + "', 'SETTLED', now(), '{\"status\": \"PASSED\", \"charge\": \"CHARGED\"}', '"
                            + api.caller()
                            + "')");
        }
    }

    @Test
    void it_is_filtered_by_type_and_by_session() {
        String settled = api.settled("pass");
        String unknown =
                api.open("drop-after-fee").then().statusCode(504).extract().path("sessionId");

        Response ofType = feed("type", "liveness.session.unknown");

        ofType.then().statusCode(200).body("items.data.sessionId", equalTo(List.of(unknown)));
        // What it has passed over does not come again without the filter.
        webhooks.events(ofType.path("next")).then().body("items", empty());
        feed("sessionId", settled).then().body("items.data.sessionId", equalTo(List.of(settled)));
        feed("sessionId", settled, "type", "liveness.session.unknown").then().body("items", empty());
        Api.asNewCaller()
                .request()
                .queryParam("sessionId", settled)
                .get("/v1/events")
                .then()
                .statusCode(200)
                .body("items", empty());
        feed("type", "liveness.session.opened").then().statusCode(400).body("errors[0].field", equalTo("type"));
    }

    @Test
    void a_rare_type_is_found_in_steps() throws Exception {
        String session = api.settled("pass");
        stored.execute(
                "insert into session_event (id, session_id, type, at, caller)"
                        + " select gen_random_uuid(), ?, 'SETTLED', now(), ? from generate_series(1, 1500)",
                UUID.fromString(session),
                api.caller());
        String unknown =
                api.open("drop-after-fee").then().statusCode(504).extract().path("sessionId");

        Response first = feed("type", "liveness.session.unknown");

        first.then().body("items", empty());
        feed("type", "liveness.session.unknown", "after", first.path("next"))
                .then()
                .body("items.data.sessionId", equalTo(List.of(unknown)));
    }

    /** Times are some minutes out of order. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void it_begins_with_the_first_event_of_a_time(long seed) throws Exception {
        Random random = new Random(seed);
        UUID session = UUID.fromString(api.opened("abandon"));
        Instant begin = Instant.now().minus(Duration.ofDays(2)).truncatedTo(ChronoUnit.SECONDS);
        Map<String, Instant> times = new LinkedHashMap<>();
        for (int minute = 0; minute < 120; minute++) {
            String id = UUID.randomUUID().toString();
            Instant at = begin.plusSeconds(minute * 60 - random.nextInt(240));
            times.put(id, at);
            if (random.nextInt(4) > 0) {
                stored.execute(
                        "insert into session_event (id, session_id, type, at, caller) values (?::uuid, ?, 'SETTLED',"
                                + " ?::timestamptz, ?)",
                        id,
                        session,
                        at.toString(),
                        api.caller());
            } else {
                stored.execute(
                        "insert into webhook_endpoint_event (id, endpoint_id, type, at, caller, data)"
                                + " values (?::uuid, ?, 'liveness.endpoint.paused', ?::timestamptz, ?, '{}')",
                        id,
                        session,
                        at.toString(),
                        api.caller());
            }
        }

        for (int minute = -10; minute < 115; minute += 5) {
            Instant from = begin.plusSeconds(minute * 60);
            assertThat(feed("from", from.toString(), "pageSize", "500").<List<String>>path("items.id"))
                    .as("from %s", from)
                    .isEqualTo(times.keySet().stream()
                            .dropWhile(id -> times.get(id).isBefore(from))
                            .toList());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"latest", "9999-12-31T23:59:59Z"})
    void it_begins_with_what_is_to_come(String from) {
        api.settled("pass");

        Response latest = feed("from", from);

        latest.then().statusCode(200).body("items", empty());
        String next = api.settled("pass");
        webhooks.events(latest.path("next")).then().body("items.data.sessionId", equalTo(List.of(next)));
        feed("from", from, "after", latest.path("next"))
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("from"));
    }

    @Test
    void a_waiting_read_is_answered_when_an_event_that_fits_is_complete() throws Exception {
        String session = api.opened("pass");
        CompletableFuture<Response> any = waiting("from", "latest");
        CompletableFuture<Response> ofType = waiting("type", "liveness.session.unknown");
        try (Connection writer = stored.connection()) {
            await().until(() -> meters.get("liveness.waiters").gauge().value() == 2);
            // The event is not complete before the writer commits.
            writer.setAutoCommit(false);
            insertEvent(writer, session);
            api.check(session);
            assertThat(any).isNotDone();
            writer.rollback();
        }

        assertThat(ofType).isNotDone();
        any.get(10, TimeUnit.SECONDS).then().statusCode(200).body("items.data.sessionId", equalTo(List.of(session)));
        String unknown =
                api.open("drop-after-fee").then().statusCode(504).extract().path("sessionId");
        ofType.get(10, TimeUnit.SECONDS).then().body("items.data.sessionId", equalTo(List.of(unknown)));
    }

    @Test
    void a_waiting_read_is_answered_when_an_endpoint_is_stopped() throws Exception {
        WebhookApi.Endpoint endpoint = webhooks.created();
        CompletableFuture<Response> any = waiting("from", "latest");
        await().until(() -> meters.get("liveness.waiters").gauge().value() == 1);

        Api.as("operations", "operator")
                .request()
                .post("/v1/webhook-endpoints/" + endpoint.id() + "/pause")
                .then()
                .statusCode(200);

        any.get(10, TimeUnit.SECONDS)
                .then()
                .body("items.type", equalTo(List.of("liveness.endpoint.paused")))
                .body("items[0].data.endpointId", equalTo(endpoint.id()))
                .body("items[0].data.reason", equalTo("OPERATOR"));
    }

    private CompletableFuture<Response> waiting(String name, String value) {
        return CompletableFuture.supplyAsync(() -> feed(name, value, "waitSeconds", "30"));
    }

    @Test
    void when_the_time_is_up_the_answer_is_empty() {
        feed("waitSeconds", "1").then().statusCode(200).body("items", empty());
    }

    @Test
    void it_says_from_when_on_events_are_left_and_an_older_cursor_goes_on_with_them() throws Exception {
        Response none = webhooks.events(null);
        none.then().body("$", not(hasKey("oldest")));
        stored.execute(
                "insert into webhook_endpoint_event (id, endpoint_id, type, at, caller, data) values"
                        + " (gen_random_uuid(), gen_random_uuid(), 'liveness.endpoint.paused', '2026-01-31T08:00:00Z', ?,"
                        + " '{}')",
                api.caller());
        String session = api.settled("pass");
        Response all = webhooks.events(none.path("next"));
        all.then().body("oldest", equalTo("2026-01-31T08:00:00.000Z"));

        stored.execute("delete from webhook_endpoint_event where caller = ?", api.caller());

        Response left = webhooks.events(none.path("next"));
        left.then()
                .body("items.data.sessionId", equalTo(List.of(session)))
                .body("oldest", equalTo(left.path("items[0].timestamp")));
    }

    private Response feed(String... query) {
        var request = api.request();
        for (int nth = 0; nth < query.length; nth += 2) {
            request.queryParam(query[nth], query[nth + 1]);
        }
        return request.get("/v1/events");
    }

    @Test
    void after_a_restore_an_older_cursor_is_refused_and_told_where_to_go_on() throws Exception {
        String kept = api.settled("pass");
        String ofKept = webhooks.events(null).path("next");
        long backup = stored.count("select last_value from session_event_seq_seq");
        String lost = api.settled("pass");
        String ofLost = webhooks.events(ofKept).path("next");
        // A restore of the backup leaves the database without the last event.
        stored.execute("delete from session_event where session_id = ?", UUID.fromString(lost));
        stored.strings("select setval('session_event_seq_seq', ?)", backup);
        stored.strings("select restored()");
        stored.strings("select resume_write_offs()");
        String after = api.settled("pass");

        Response refused = webhooks.events(ofLost);

        refused.then().statusCode(410).body("code", equalTo("feed-restored"));
        webhooks.events(refused.path("next"))
                .then()
                .statusCode(200)
                .body("items.data.sessionId", equalTo(List.of(after)));
        // One that had not come as far goes on where it was.
        webhooks.events(webhooks.events(ofKept).then().statusCode(410).extract().path("next"))
                .then()
                .body("items.data.sessionId", equalTo(List.of(after)));
        webhooks.events(null).then().body("items.data.sessionId", equalTo(List.of(kept, after)));
    }
}
