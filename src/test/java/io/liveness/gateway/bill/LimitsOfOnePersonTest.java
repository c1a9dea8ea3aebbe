package io.liveness.gateway.bill;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Patience;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What one person accepts alone of a month, up to 100.00 CNY, in whatever many statements. */
@QuarkusTest
class LimitsOfOnePersonTest extends BilledTest {

    private static final String SECOND_DAY = "from=2019-03-02T00:00:00Z&to=2019-03-03T00:00:00Z";
    private static final String APRIL = "from=2019-03-31T16:00:00Z&to=2019-04-30T16:00:00Z";

    private final Work ada = person("ada");
    private final Work ben = person("ben");

    @Inject
    DataSource database;

    private static Work person(String name) {
        return new Work(Api.person(name + "-" + UUID.randomUUID(), "console-" + name, "finance"));
    }

    @Test
    void ten_files_of_one_month_share_one_limit_of_each_person() {
        List<String> days = Stream.iterate(1, day -> day + 1)
                .limit(10)
                .map(day -> imported("2019-03-%02d 12:00:00".formatted(day), "10.01", period(day)))
                .toList();

        assertThat(days.stream().map(day -> accepted(ada, day)).toList())
                .startsWith("ACCEPTED", "ACCEPTED")
                .endsWith("ACCEPTED", "PROPOSED")
                .containsOnlyOnce("PROPOSED");
        assertThat(accepted(ben, imported("2019-03-02 20:00:00", "100.00", SECOND_DAY)))
                .isEqualTo("ACCEPTED");
    }

    @Test
    void another_month_has_a_limit_of_its_own_and_a_bill_of_both_months_none() {
        assertThat(accepted(
                        ada,
                        imported("2019-03-31 23:59:59", "60.00", "from=2019-02-28T16:00:00Z&to=2019-03-31T16:00:00Z")))
                .isEqualTo("ACCEPTED");
        assertThat(accepted(ada, imported("2019-04-01 00:00:00", "60.00", APRIL)))
                .isEqualTo("ACCEPTED");
        String both = imported("2019-04-01 00:00:01", "0.01", "from=2019-03-31T15:00:00Z&to=2019-03-31T17:00:00Z");
        assertThat(accepted(ada, both)).as("60.00 + 60.00 are spent of it").isEqualTo("PROPOSED");
    }

    @Test
    void a_stated_period_makes_no_limit_of_its_own() {
        assertThat(accepted(
                        ada,
                        imported("2019-03-01 20:00:00", "60.00", "from=2010-01-01T00:00:00Z&to=2010-02-01T00:00:00Z")))
                .isEqualTo("ACCEPTED");
        assertThat(accepted(
                        ada,
                        imported("2019-03-01 20:00:01", "60.00", "from=2090-01-01T00:00:00Z&to=2090-02-01T00:00:00Z")))
                .isEqualTo("PROPOSED");
        String future = imported("2019-05-01 20:00:00", "60.00", "from=2090-01-01T00:00:00Z");
        assertThat(accepted(ben, future)).isEqualTo("ACCEPTED");
        assertThat(accepted(ben, imported("2019-05-02 20:00:00", "60.00", "from=2090-01-01T00:00:00Z")))
                .isEqualTo("PROPOSED");
    }

    @Test
    void all_services_share_one_limit_of_a_month_and_what_is_taken_back_counts_no_more() {
        String first = imported("2019-03-01 20:00:00", "60.00", Books.PERIOD);
        String second = imported("2019-03-02 20:00:00", "60.00", SECOND_DAY);
        assertThat(accepted(finance, first)).isEqualTo("ACCEPTED");
        Work other = new Work(Api.as("other-" + UUID.randomUUID(), "finance"));
        assertThat(accepted(other, second)).isEqualTo("PROPOSED");

        other.unaccept(second, difference(other, second)).then().statusCode(200);
        finance.withdraw(first);
        assertThat(accepted(other, second)).isEqualTo("ACCEPTED");
    }

    @Test
    void of_two_acceptances_at_once_by_one_person_the_second_one_counts_the_first() throws SQLException {
        String first = imported("2019-03-01 20:00:00", "60.00", Books.PERIOD);
        String second = imported("2019-03-02 20:00:00", "60.00", SECOND_DAY);
        ada.who().token();
        List<CompletableFuture<String>> both;
        try (Connection other = database.getConnection();
                Statement lock = other.createStatement()) {
            other.setAutoCommit(false);
            // What has been accepted can be read, and nothing stored.
            lock.execute("lock table statement_acceptance in share row exclusive mode");
            both = Stream.of(first, second)
                    .map(statement -> CompletableFuture.supplyAsync(() -> accepted(ada, statement)))
                    .toList();
            Patience.await("both to wait", Duration.ofSeconds(30))
                    .until(() -> stored.count(
                                    "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                                            + " and (query like '%insert into statement_acceptance%' or query like '%advisory_xact_lock%')")
                            == 2);
            other.rollback();
        }

        assertThat(both.stream().map(CompletableFuture::join).toList())
                .containsExactlyInAnyOrder("ACCEPTED", "PROPOSED");
    }

    private static String period(int day) {
        return "from=2019-03-%02dT00:00:00Z&to=2019-03-%02dT00:00:00Z".formatted(day, day + 1);
    }

    /** A bill with one line, of no fee of ours. */
    private String imported(String at, String amount, String period) {
        return finance.imported(HEADER + books.taskNo() + "," + at + ",实扣," + amount + "\n", period);
    }

    private static String accepted(Work who, String statement) {
        return who.accept(statement, difference(who, statement))
                .then()
                .statusCode(200)
                .extract()
                .path("state");
    }

    private static String difference(Work who, String statement) {
        List<Map<String, Object>> lines = who.items(statement, "kind=MISSING_IN_LEDGER");
        assertThat(lines).hasSize(1);
        return (String) lines.get(0).get("id");
    }
}
