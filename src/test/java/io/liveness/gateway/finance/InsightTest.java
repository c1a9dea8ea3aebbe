package io.liveness.gateway.finance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.liveness.gateway.finance.SumSessions.Grouping;
import io.liveness.gateway.platform.http.JsonTime;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Span;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class InsightTest {

    private static final String INSIGHTS = "/v1/insights";
    private static final String CSV = "text/csv";
    private static final String XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();
    private static final List<ZoneId> ZONES = Stream.of(
                    "Asia/Shanghai", "UTC", "Europe/Berlin", "America/Havana", "Australia/Lord_Howe")
            .map(ZoneId::of)
            .toList();

    static {
        new JsonTime().customize(JSON);
    }

    private final Api shop = Api.asNewCaller();
    private final Api finance = Api.as("finance", "finance");

    @Inject
    Stored stored;

    @Inject
    SumSessions sessions;

    @AfterEach
    void remove_what_is_made_up() throws SQLException {
        stored.removeBefore(Instant.parse("2020-01-01T00:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 8, 14})
    void the_figures_of_any_history_are_those_of_its_sessions_counted_one_by_one(int seed) throws SQLException {
        CheckHistory history = stored(new CheckHistory(seed, ZONES));

        for (ZoneId zone : ZONES) {
            Span span = history.span(zone);
            for (Grouping grouping : Grouping.values()) {
                assertThat(told(finance, grouping, span, Map.of()))
                        .as("by %s in %s", grouping, zone)
                        .isEqualTo(json(history.insights(grouping, span, Optional.empty(), Optional.empty())));
            }
        }
        Span span = history.span(ZONES.get(0));
        String caller = history.callers().get(1);
        for (Grouping grouping : Grouping.values()) {
            assertThat(told(Api.as(caller), grouping, span, Map.of()))
                    .isEqualTo(json(history.insights(grouping, span, Optional.of(caller), Optional.empty())));
            assertThat(told(finance, grouping, span, Map.of("caller", caller, "costCentre", "cc-1")))
                    .isEqualTo(json(history.insights(grouping, span, Optional.of(caller), Optional.of("cc-1"))));
        }
    }

    @Test
    void sessions_count_as_what_became_of_them() {
        shop.settled("pass");
        shop.settled("pass");
        shop.settled("not-pass");
        shop.settled("fail");
        shop.opened("abandon");
        shop.open("drop-after-fee");

        ask(shop, Map.of("groupBy", "caller"))
                .body("items.key", equalTo(List.of(shop.caller())))
                .body("total.opened", equalTo(6))
                .body("total.passed", equalTo(2))
                .body("total.notPassed", equalTo(1))
                .body("total.failed", equalTo(1))
                .body("total.lostAnswers", equalTo(1))
                .body("total.pending", equalTo(1))
                .body("total.passRate", equalTo(0.6667))
                .body("total.completion", equalTo(0.5))
                .body(
                        "total.costs",
                        equalTo(List.of(Map.of("currency", "CNY", "charged", "2.40", "ofPassed", "1.20"))));
    }

    @Test
    void without_sessions_there_is_a_total_of_nothing() {
        ask(shop, Map.of()).body("items.size()", equalTo(0)).body("total.opened", equalTo(0));
    }

    @Test
    void a_caller_sees_only_its_own_sessions_and_an_operator_sees_all() {
        shop.opened("pass");
        Api stranger = Api.asNewCaller();
        stranger.opened("abandon");

        ask(shop, Map.of("groupBy", "caller")).body("items.key", equalTo(List.of(shop.caller())));
        ask(shop, Map.of("groupBy", "caller", "caller", shop.caller()))
                .body("items.key", equalTo(List.of(shop.caller())));
        for (String caller : List.of(stranger.caller(), "no-such-caller")) {
            request(shop, Map.of("caller", caller)).get(INSIGHTS).then().statusCode(403);
            request(shop, Map.of("caller", caller))
                    .accept(CSV)
                    .get(INSIGHTS)
                    .then()
                    .statusCode(403);
        }
        for (String role : List.of("operator", "finance", "finance-admin")) {
            ask(Api.as(role, role), Map.of("groupBy", "caller"))
                    .body("items.key", hasItems(shop.caller(), stranger.caller()));
        }
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource({
        "groupBy, status",
        "groupBy, WEEK",
        "timeZone, Mars/Olympus",
        "from, 2026-11-01",
        "from, 9999-01-01T00:00:00Z",
        "from, 2020-01-01T00:00:00Z",
        "to, yesterday",
        "costCentre, ''",
        "costCentre, a-cost-centre-that-is-far-too-long",
    })
    void what_cannot_be_counted_is_refused_by_name(String parameter, String value) {
        request(shop, Map.of(parameter, value))
                .get(INSIGHTS)
                .then()
                .statusCode(400)
                .body("errors.field", equalTo(List.of(parameter)));
    }

    @Test
    void more_groups_than_can_be_told_are_refused_and_come_as_a_file() throws SQLException {
        stored.execute("""
                insert into liveness_session (id, caller, idempotency_key, request_hash, status, charge_status, return_url,
                    action_style, actions, action_mutex, anti_camera_hack, cost_centre, attempt, init_at, created_at, updated_at)
                select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid, ?, n::text, '', 'REJECTED', 'NONE', 'wx.history',
                    'SILENT', '', true, true, 'cc-' || n, 1, at, at, at
                from generate_series(0, ?) n, lateral (select timestamptz '1997-12-05Z' as at) a
                """, shop.caller(), SumSessions.MOST_GROUPS);
        Map<String, String> allOfThem =
                Map.of("groupBy", "costCentre", "from", "1997-12-01T00:00:00Z", "to", "1998-02-01T00:00:00Z");

        request(shop, allOfThem).get(INSIGHTS).then().statusCode(400).body("errors[0].field", equalTo("groupBy"));
        assertThat(file(shop, allOfThem, CSV).asString().lines()).hasSize(SumSessions.MOST_GROUPS + 3);
        stored.execute("delete from liveness_session where caller = ? and cost_centre = 'cc-0'", shop.caller());
        ask(shop, allOfThem).body("items.size()", equalTo(SumSessions.MOST_GROUPS));
    }

    @Test
    void what_is_not_counted_in_time_is_refused_as_too_much() throws SQLException {
        Span span = new CheckHistory(2, ZONES).span(ZONES.get(0));
        SumSessions.SessionFilter filter =
                new SumSessions.SessionFilter(Grouping.DAY, Optional.empty(), Optional.empty(), span);
        try (Connection other = stored.connection();
                Statement lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("lock table liveness_session in access exclusive mode");
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> sessions.sum(filter, Duration.ofMillis(100)))
                    .satisfies(problem ->
                            assertThat(problem.errors().get(0).code()).isEqualTo("too-many-sessions"));
            other.rollback();
        }
    }

    @Test
    void a_file_has_the_figures_of_each_group_once_and_the_total_at_last() throws SQLException, IOException {
        CheckHistory history = stored(new CheckHistory(5, ZONES));
        Span span = history.span(ZONES.get(0));
        Map<String, String> query = query(Grouping.COST_CENTRE, span);
        JsonNode told = told(finance, Grouping.COST_CENTRE, span, Map.of());

        List<String> lines = file(finance, query, CSV).asString().lines().toList();
        assertThat(lines.get(0))
                .isEqualTo(
                        "\uFEFFcostCentre,opened,refused,refusals,passed,notPassed,failed,expired,lostAnswers,pending,"
                                + "passRate,completion,p50Seconds,p90Seconds,p99Seconds,charged,costOfPassed,currency");
        JsonNode first = told.at("/items/0");
        assertThat(lines.get(1))
                .startsWith("cc-1," + first.path("opened") + "," + first.path("refused") + ",")
                .endsWith(first.at("/costs/0/charged").asText() + ","
                        + first.at("/costs/0/ofPassed").asText() + ",CNY");
        assertThat(lines.get(2)).matches("cc-1,{15}[0-9.]+,[0-9.]+,JPY");
        assertThat(lines.get(lines.size() - 2)).startsWith("total," + told.at("/total/opened"));
        assertThat(lines.stream().skip(1).map(line -> line.split(",")[0]).distinct())
                .containsExactly("cc-1", "cc-2", "", "total");
        try (InputStream xlsx = file(finance, query, XLSX).asInputStream();
                ReadableWorkbook workbook = new ReadableWorkbook(xlsx)) {
            List<Row> rows = workbook.getFirstSheet().read();
            assertThat(rows).hasSameSizeAs(lines);
            assertThat(rows.get(1).getCellAsNumber(1))
                    .hasValueSatisfying(opened -> assertThat(opened.intValue())
                            .isEqualTo(first.path("opened").asInt()));
        }
    }

    private CheckHistory stored(CheckHistory history) throws SQLException {
        for (String insert : history.inserts()) {
            stored.execute(insert);
        }
        stored.scheduleOpenBefore(Instant.parse("2020-01-01T00:00:00Z"));
        return history;
    }

    private static JsonNode told(Api who, Grouping grouping, Span span, Map<String, String> more) {
        return json(request(who, query(grouping, span))
                .queryParams(more)
                .get(INSIGHTS)
                .then()
                .statusCode(200)
                .extract()
                .asString());
    }

    private static Map<String, String> query(Grouping grouping, Span span) {
        return Map.of(
                "groupBy", grouping.label,
                "timeZone", span.zone().getId(),
                "from", span.from().toString(),
                "to", span.to().toString());
    }

    private static JsonNode json(Object expected) {
        try {
            return JSON.readTree(expected instanceof String text ? text : JSON.writeValueAsString(expected));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ValidatableResponse ask(Api who, Map<String, String> query) {
        return request(who, query).get(INSIGHTS).then().statusCode(200);
    }

    private static Response file(Api who, Map<String, String> query, String type) {
        return request(who, query)
                .accept(type)
                .get(INSIGHTS)
                .then()
                .statusCode(200)
                .extract()
                .response();
    }

    private static RequestSpecification request(Api who, Map<String, String> query) {
        return who.request().queryParams(query);
    }
}
