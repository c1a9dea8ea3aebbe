package io.liveness.gateway.finance;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.finance.SumCharges.Grouping;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sums of any history in any time zone equal the fees added one by one. */
@QuarkusTest
class RandomHistoriesTest {

    private static final List<ZoneId> ZONES = Stream.of(
                    "Asia/Shanghai",
                    "UTC",
                    "Asia/Kathmandu",
                    "Europe/Berlin",
                    "America/New_York",
                    "America/Havana",
                    "Australia/Lord_Howe",
                    "Pacific/Chatham")
            .map(ZoneId::of)
            .toList();
    private static final List<String> FIGURES =
            List.of("adjusted", "charged", "open", "preDeducted", "presumed", "refunded", "unconfirmed");

    private final Api finance = Api.as("finance", "finance");

    @Inject
    Stored stored;

    @AfterEach
    void remove_the_history() throws SQLException {
        stored.removeBefore(Instant.parse("2020-01-01T00:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 11, 17})
    void every_group_of_every_summary_is_the_sum_of_its_fees(int seed) throws SQLException {
        FeeHistory history = new FeeHistory(seed, ZONES);
        for (String insert : history.inserts()) {
            stored.execute(insert);
        }
        stored.scheduleOpenBefore(history.to());
        Instant from = history.from().plus(Duration.ofHours(7));
        Instant to = history.to().minus(Duration.ofDays(5));

        for (ZoneId zone : ZONES) {
            for (Grouping grouping :
                    zone.getId().equals("UTC") ? List.of(Grouping.values()) : List.of(Grouping.DAY, Grouping.MONTH)) {
                check(history, grouping, zone, from, to, Optional.empty());
            }
        }
        for (Grouping grouping : Grouping.values()) {
            check(
                    history,
                    grouping,
                    ZONES.get(0),
                    history.from(),
                    history.to(),
                    Optional.of(history.callers().get(1)));
        }
    }

    private void check(
            FeeHistory history, Grouping grouping, ZoneId zone, Instant from, Instant to, Optional<String> caller) {
        Response answer = ask(grouping, zone, from, to, caller);

        assertThat(told(answer.path("items")))
                .as("by %s in %s", grouping, zone)
                .isEqualTo(history.sums(grouping, zone, from, to, caller));
        assertThat(answer.<List<Map<String, Object>>>path("items")).allSatisfy(RandomHistoriesTest::balances);
        assertThat(told(answer.path("totals"))).isEqualTo(total(history.sums(grouping, zone, from, to, caller)));
    }

    private Response ask(Grouping grouping, ZoneId zone, Instant from, Instant to, Optional<String> caller) {
        var request = caller.map(name -> Api.as(name).request()).orElseGet(finance::request);
        return request.queryParam("groupBy", grouping.label)
                .queryParam("timeZone", zone.getId())
                .queryParam("from", from.toString())
                .queryParam("to", to.toString())
                .get(Api.CHARGES + "/summary")
                .then()
                .statusCode(200)
                .extract()
                .response();
    }

    /** The answer in the form of the model, in the units of {@code Money}. */
    private static Map<String, String> told(List<Map<String, Object>> groups) {
        Map<String, String> told = new TreeMap<>();
        for (Map<String, Object> group : groups) {
            String currency = (String) group.get("currency");
            String key = group.getOrDefault("key", "-") + " " + currency;
            String figures = FIGURES.stream()
                    .map(name -> name + "=" + count(group, name) + "/" + units(group, name))
                    .collect(Collectors.joining(" "));
            assertThat(told.put(key, figures)).as(key).isNull();
        }
        return told;
    }

    private static void balances(Map<String, Object> group) {
        List<String> parts = List.of("charged", "refunded", "open", "unconfirmed");
        assertThat(parts.stream().mapToLong(part -> count(group, part)).sum()).isEqualTo(count(group, "preDeducted"));
        assertThat(parts.stream().mapToLong(part -> units(group, part)).sum()).isEqualTo(units(group, "preDeducted"));
    }

    private static Map<String, String> total(Map<String, String> groups) {
        Map<String, Map<String, long[]>> sums = new HashMap<>();
        groups.forEach((group, figures) -> {
            Map<String, long[]> sum =
                    sums.computeIfAbsent("-" + group.substring(group.lastIndexOf(' ')), any -> new TreeMap<>());
            for (String figure : figures.split(" ")) {
                String[] parts = figure.split("[=/]");
                long[] of = sum.computeIfAbsent(parts[0], any -> new long[2]);
                of[0] += Long.parseLong(parts[1]);
                of[1] += Long.parseLong(parts[2]);
            }
        });
        return sums.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        sum -> sum.getValue().entrySet().stream()
                                .map(figure ->
                                        figure.getKey() + "=" + figure.getValue()[0] + "/" + figure.getValue()[1])
                                .collect(Collectors.joining(" "))));
    }

    private static long count(Map<String, Object> group, String name) {
        return ((Number) figure(group, name).get("count")).longValue();
    }

    private static long units(Map<String, Object> group, String name) {
        int digits = Currency.getInstance((String) group.get("currency")).getDefaultFractionDigits();
        return new BigDecimal((String) figure(group, name).get("amount"))
                .movePointRight(digits + 4)
                .longValueExact();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> figure(Map<String, Object> group, String name) {
        return (Map<String, Object>) group.get(name);
    }
}
