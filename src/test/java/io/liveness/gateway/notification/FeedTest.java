package io.liveness.gateway.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.GatewayTestResource;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(GatewayTestResource.class)
class FeedTest {

    private final Api api = Api.asNewCaller();
    private final WebhookApi webhooks = new WebhookApi(api);

    @Inject
    Stored stored;

    @Test
    void a_caller_without_an_endpoint_reads_its_events_in_order() {
        String first = settled();
        String unknown =
                api.open("drop-after-fee").then().statusCode(504).extract().path("sessionId");
        String last = settled();

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
    void the_feed_goes_on_after_what_was_read() {
        List<String> sessions = new ArrayList<>(List.of(settled(), settled(), settled()));
        List<String> read = new ArrayList<>();
        String next = null;
        for (int part = 0; part < 3; part++) {
            var request = api.request().queryParam("pageSize", 2);
            Response feed = (next == null ? request : request.queryParam("after", next)).get("/v1/events");
            read.addAll(feed.path("items.data.sessionId"));
            next = feed.path("next");
        }
        assertThat(read).isEqualTo(sessions);

        webhooks.events(next).then().body("items", empty());
        String later = settled();
        webhooks.events(next).then().body("items.data.sessionId", equalTo(List.of(later)));
    }

    @Test
    void another_caller_reads_none_of_them_and_cannot_use_the_token() {
        settled();
        String next = webhooks.events(null).path("next");
        Api other = Api.asNewCaller();

        new WebhookApi(other).events(null).then().statusCode(200).body("items", empty());
        new WebhookApi(other).events(next).then().statusCode(400).body("errors[0].field", equalTo("after"));
    }

    @Test
    void an_event_is_held_back_while_an_earlier_one_is_being_recorded() throws Exception {
        String before = settled();
        String next = webhooks.events(null).path("next");
        try (Connection connection = stored.connection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            // As a settling that has its number and has not committed.
            statement.execute("update liveness_session set updated_at = updated_at where id = '" + before + "'");
            statement.execute(
                    "insert into session_event (id, session_id, type, at, detail, caller) values (gen_random_uuid(), '"
                            + before + "', 'SETTLED', now(), '{\"status\": \"PASSED\", \"charge\": \"CHARGED\"}', '"
                            + api.caller()
                            + "')");
            String after = settled();

            webhooks.events(next).then().statusCode(200).body("items", empty());

            connection.commit();
            Patience.await("both", Duration.ofSeconds(10))
                    .until(() -> webhooks.events(next)
                            .<List<String>>path("items.data.sessionId")
                            .equals(List.of(before, after)));
        }
    }

    @Test
    void an_event_is_held_back_while_an_earlier_number_belongs_to_a_younger_transaction() throws Exception {
        String session = settled();
        String next = webhooks.events(null).path("next");
        try (Connection older = stored.connection();
                Connection younger = stored.connection()) {
            begin(older);
            begin(younger);
            // The younger one takes its number first, and the older one commits first.
            insertEvent(younger, session);
            insertEvent(older, session);
            older.commit();

            List<String> read = webhooks.events(next).path("items.id");

            younger.commit();
            Patience.await("all of them", Duration.ofSeconds(10))
                    .until(() ->
                            webhooks.events(next).<List<String>>path("items.id").size() == 2);
            assertThat(webhooks.events(next).<List<String>>path("items.id").subList(0, read.size()))
                    .as("what was read before")
                    .isEqualTo(read);
        }
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
    void the_token_of_another_list_is_refused() {
        Map.of("after", "x", "pageSize", "0")
                .forEach((name, value) -> api.request()
                        .queryParam(name, value)
                        .get("/v1/events")
                        .then()
                        .statusCode(400)
                        .body("errors[0].field", equalTo(name)));
    }

    private String settled() {
        String session = api.opened("pass");
        api.check(session);
        return session;
    }
}
