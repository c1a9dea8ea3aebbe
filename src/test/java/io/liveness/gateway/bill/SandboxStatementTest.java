package io.liveness.gateway.bill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.liveness.gateway.bill.read.BookParts;
import io.liveness.gateway.check.settle.Ticks;
import io.liveness.gateway.sandbox.Scenario;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.SettableClock;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The sandbox's own statement of sessions of every scenario, and damaged copies of it. How many: {@code -Dstatement.rounds} of all scenarios,
 * {@code -Dstatement.copies}, {@code -Dstatement.seed}.
 */
@QuarkusTest
class SandboxStatementTest {

    private static final int ROUNDS = Integer.getInteger("statement.rounds", 1);
    private static final int COPIES = Integer.getInteger("statement.copies", 20);
    private static final long SEED = Long.getLong("statement.seed", 4711);
    // The token's two hours, and the hour in which an expired one is still asked about.
    private static final Duration LONGER_THAN_ANY_SESSION = Duration.ofHours(4);
    // The looks fall within a token's life: a later look hears an answer that an earlier one lost.
    private static final int LOOKS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String STATEMENTS = "/v1/statements";
    // Longer than twice the window in which a lost init is sought: no two of them fit the same line.
    private static final Duration APART = Duration.ofSeconds(70);
    private static final Duration LONGER_THAN_THE_TOLERANCE = Duration.ofMinutes(10);

    private final Api shop = Api.asNewCaller();
    private final Api finance = Api.as("finance-" + UUID.randomUUID(), "finance");

    @Inject
    SettableClock clock;

    @Inject
    Ticks ticks;

    @Inject
    Stored stored;

    @BeforeEach
    void time_stands_still() {
        clock.stop();
        clock.advance(LONGER_THAN_THE_TOLERANCE);
    }

    @AfterEach
    void remove_what_was_imported() throws SQLException {
        clock.advance(LONGER_THAN_THE_TOLERANCE);
        clock.go();
        Books.remove(stored);
    }

    @Test
    void the_sandboxes_own_statement_has_no_difference_and_a_damaged_copy_has_those_that_were_planted() {
        Instant begin = clock.instant();
        clock.advance(LONGER_THAN_THE_TOLERANCE);
        for (int round = 0; round < ROUNDS; round++) {
            Scenario.scripted().forEach(scenario -> live(scenario.wireName()));
            // Each round ends before the next one begins, since a caller may not have a thousand sessions open.
            endAll();
        }
        assertThat(stored.count("select count(*) from liveness_session where caller = ?", shop.caller()))
                .as("none was turned away")
                .isEqualTo((long) ROUNDS * Scenario.scripted().size());
        clock.advance(LONGER_THAN_THE_TOLERANCE);
        String period = "from=" + begin + "&to=" + clock.instant();
        String taken =
                "select task_no from liveness_session where caller = ? and task_no is not null and fee_amount is not null";
        Set<String> known = new HashSet<>(stored.strings(taken, shop.caller()));
        Set<String> certain = new HashSet<>(stored.strings(taken + " and status <> 'UNKNOWN'", shop.caller()));
        String file = new String(RestAssured.get("/sandbox/statement.csv").asByteArray(), StandardCharsets.UTF_8);
        String header = file.substring(0, file.indexOf('\n') + 1);
        List<String> lines = ofThisTest(file, begin);

        Response whole = send(header + String.join("\n", lines) + "\n", period);

        whole.then().statusCode(201).body("status", equalTo("DONE")).body("lines", equalTo(lines.size()));
        assertThat(differences(whole)).as(() -> scenarios(whole)).isEmpty();
        assertEveryPresumedFeeIsExplained(whole);
        assertThat(differences(sendAsWorkbook(header, lines, period + "&dryRun=true&supersedes=" + whole.path("id"))))
                .as("as XLSX")
                .isEmpty();
        Random random = new Random(SEED);
        // Beside the whole one each line of a copy would be charged twice.
        String copies = period + "&dryRun=true&supersedes=" + whole.path("id");
        for (int i = 0; i < COPIES; i++) {
            DamagedCopy copy = DamagedCopy.of(header, lines, certain, known, random);
            assertThat(differences(send(copy.file(), copies)))
                    .as("copy %d with -Dstatement.seed=%d:%n%s", i, SEED, copy.file())
                    .isEqualTo(copy.expected());
        }
    }

    /** The scenarios of the differences of status, for the message of a failure. */
    private String scenarios(Response statement) {
        return stored.strings("""
                        select m.task_no || ' ' || s.title || ': ours ' || m.ours_status || ' at ' || m.ours_at || ', theirs '
                            || m.theirs_status || ' at ' || m.theirs_at
                        from statement_match m join liveness_session s on s.id = m.session_id
                        where m.statement_id = ? and m.kind = 'STATUS_DIFFERS'""", UUID.fromString(statement.path("id"))).toString();
    }

    private void live(String scenario) {
        Response opened = shop.open(scenario);
        clock.advance(APART);
        if (opened.statusCode() == 201) {
            shop.check(opened.path("id"));
        }
    }

    /** Sessions without a verdict expire at the vendor, and here: also where the vendor gives no answer. */
    private void endAll() {
        for (int look = 0; look < LOOKS; look++) {
            clock.advance(Duration.ofMinutes(10));
            ticks.tick();
        }
        clock.advance(LONGER_THAN_ANY_SESSION);
        Patience.await("the end of all sessions", PATIENCE).until(() -> {
            clock.advance(Duration.ofMinutes(1));
            ticks.tick();
            return stored.count(
                            "select count(*) from liveness_session where caller = ? and status in ('OPENING', 'PENDING')",
                            shop.caller())
                    == 0;
        });
    }

    private void assertEveryPresumedFeeIsExplained(Response statement) {
        List<String> presumed = stored.strings("""
                        select s.id from liveness_session s join ledger_entry e on e.session_id = s.id
                        where s.caller = ? and e.kind = 'PRE_DEDUCT' and e.basis = 'PRESUMED'""", shop.caller());
        List<String> explained = stored.strings(
                "select session_id from statement_match where statement_id = ? and presumption is not null",
                UUID.fromString(statement.path("id")));
        assertThat(presumed).isNotEmpty();
        assertThat(explained).containsAll(presumed);
    }

    /** The fees of other tests have earlier times and are left out. */
    private static List<String> ofThisTest(String file, Instant begin) {
        String first = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss")
                .withZone(ZoneId.of("Asia/Shanghai"))
                .format(begin);
        return Arrays.stream(file.split("\n"))
                .skip(1)
                .filter(line -> line.split(",")[1].compareTo(first) > 0)
                .toList();
    }

    private Response send(String file, String query) {
        return new Work(finance).importing(file, query);
    }

    /** Sends the lines as a workbook, whose cells are dates and numbers. */
    private Response sendAsWorkbook(String header, List<String> lines, String query) {
        List<String> names = Arrays.asList(header.replace("\ufeff", "").strip().split(","));
        byte[] file = BookParts.written(sheet -> {
            for (int row = 0; row <= lines.size(); row++) {
                List<String> cells =
                        row == 0 ? names : Arrays.asList(lines.get(row - 1).split(","));
                for (int column = 0; column < cells.size(); column++) {
                    String cell = cells.get(column);
                    switch (row == 0 ? "" : names.get(column)) {
                        case "time" -> sheet.value(row, column, LocalDateTime.parse(cell.replace(' ', 'T')));
                        case "amount" -> sheet.value(row, column, new BigDecimal(cell));
                        default -> sheet.value(row, column, cell);
                    }
                }
            }
            int times = names.indexOf("time");
            sheet.range(1, times, lines.size(), times)
                    .style()
                    .format("yyyy-mm-dd hh:mm:ss")
                    .set();
        });
        return finance.request()
                .contentType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
                .body(file)
                .post(STATEMENTS + "?" + query);
    }

    /** Each difference in the form {@code KIND taskNo}, sorted. */
    private List<String> differences(Response statement) {
        List<Map<String, Object>> items = new Work(finance).items(statement.path("id"), "");
        return items.stream()
                .map(item -> item.get("kind") + " " + item.get("taskNo"))
                .sorted()
                .toList();
    }
}
