package io.liveness.gateway.books.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.LogRecorder;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every difference between sessions, ledger and events is reported until it is corrected. */
@QuarkusTest
class BooksWatchTest {

    private static final String SESSION = "update liveness_session set %s where id = ?";
    private static final String ENTRY = "update ledger_entry set %s where session_id = ? and kind = '%s'";
    private static final String NO_ENTRY = "delete from ledger_entry where session_id = ? and kind = '%s'";
    private static final String NO_EVENT = "delete from session_event where session_id = ? and type = '%s'";
    private static final String UNSCHEDULED = "delete from session_schedule where session_id = ?";
    private static final String EVENT = "insert into session_event (id, session_id, type, at, detail)"
            + " select gen_random_uuid(), id, '%s', now(), '%s' from liveness_session where id = ?";
    private static final String ACCEPTED_LATE =
            EVENT.formatted("CONTRADICTED", "{\"late\": \"accepted\", \"taskNo\": \"1\"}");

    private final Api api = Api.asNewCaller();

    @Inject
    BooksWatch watch;

    @Inject
    CompareBooks books;

    @Inject
    BooksFixture fixture;

    @Inject
    Stored stored;

    @Inject
    DataSource database;

    @BeforeEach
    void of_this_test_alone() throws SQLException {
        fixture.beginHere();
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                fault("pass", NO_ENTRY.formatted("CHARGE"), "ending-missing"),
                fault("fail", NO_ENTRY.formatted("REFUND"), "ending-missing"),
                fault("pass", NO_ENTRY.formatted("PRE_DEDUCT"), "pre-deduction-missing"),
                fault("abandon", NO_ENTRY.formatted("PRE_DEDUCT"), "pre-deduction-missing"),
                fault("drop-after-fee", NO_ENTRY.formatted("PRE_DEDUCT"), "pre-deduction-missing"),
                fault("pass", ENTRY.formatted("kind = 'REFUND'", "CHARGE"), "ending-wrong"),
                fault("fail", ENTRY.formatted("kind = 'CHARGE'", "REFUND"), "ending-wrong"),
                fault("pass", ENTRY.formatted("amount = 799999", "PRE_DEDUCT"), "amount-wrong"),
                fault("pass", ENTRY.formatted("amount = 800001", "CHARGE"), "amount-wrong"),
                fault("fail", ENTRY.formatted("currency = 'EUR'", "REFUND"), "amount-wrong"),
                fault("pass", SESSION.formatted("fee_amount = 800001"), "amount-wrong"),
                fault("pass", SESSION.formatted("fee_currency = null"), "amount-wrong"),
                fault("charge-false", SESSION.formatted("fee_amount = 0, fee_currency = 'CNY'"), "amount-wrong"),
                fault("pass", ENTRY.formatted("task_no = '1'", "PRE_DEDUCT"), "task-no-wrong"),
                fault("pass", ENTRY.formatted("task_no = null", "CHARGE"), "task-no-wrong"),
                fault(
                        "abandon",
                        SESSION.formatted("charge_status = 'NONE', fee_amount = null, fee_currency = null"),
                        "entry-unfounded",
                        "amount-wrong",
                        "event-contradicts"),
                fault(
                        "abandon",
                        "insert into ledger_entry (session_id, kind, task_no, basis, amount, currency, recorded_at, caller, init_at)"
                                + " select id, 'CHARGE', task_no, 'RULE', fee_amount, fee_currency, now(), caller, init_at"
                                + " from liveness_session where id = ?",
                        "entry-unfounded"),
                fault("pass", SESSION.formatted("status = 'NOT_PASSED'"), "event-contradicts", "schedule-wrong"),
                fault("pass", "delete from session_end where session_id = ?", "schedule-wrong"),
                fault(
                        "pass",
                        SESSION.formatted("status = 'FAILED'"),
                        "status-against-fee",
                        "event-contradicts",
                        "schedule-wrong"),
                fault(
                        "fail",
                        SESSION.formatted("charge_status = 'CHARGED'"),
                        "status-against-fee",
                        "ending-wrong",
                        "event-contradicts"),
                fault(
                        "code-601",
                        SESSION.formatted("charge_status = 'UNCONFIRMED', fee_amount = 800000, fee_currency = 'CNY'"),
                        "status-against-fee",
                        "pre-deduction-missing",
                        "schedule-wrong"),
                fault("pass", NO_EVENT.formatted("OPENED"), "event-missing"),
                fault("pass", NO_EVENT.formatted("SETTLED"), "event-missing"),
                fault("abandon", NO_EVENT.formatted("OPENED"), "event-missing"),
                fault("code-601", NO_EVENT.formatted("REJECTED"), "event-missing"),
                fault("drop-after-fee", NO_EVENT.formatted("OUTCOME_UNKNOWN"), "event-missing"),
                fault(
                        "abandon",
                        EVENT.formatted("SETTLED", "{\"status\": \"PASSED\", \"charge\": \"CHARGED\"}"),
                        "event-contradicts"),
                fault("code-601", EVENT.formatted("OPENED", "{\"charge\": \"NONE\"}"), "event-contradicts"),
                fault("abandon", UNSCHEDULED, "schedule-wrong"),
                fault("drop-after-fee", UNSCHEDULED, "schedule-wrong"),
                fault(
                        "abandon",
                        "update session_schedule set status = 'OPENING', token_sealed = null, token_expires_at = null"
                                + " where session_id = ?",
                        "schedule-wrong"),
                fault(
                        "pass",
                        "insert into session_schedule (caller, session_id, status, attempt, init_at, next_poll_at)"
                                + " select caller, id, 'UNKNOWN', 1, init_at, 'infinity' from liveness_session where id = ?",
                        "schedule-wrong"),
                fault("code-609", ACCEPTED_LATE, "event-without-session"),
                fault("pass", ACCEPTED_LATE, "event-without-session"),
                fault("abandon", ACCEPTED_LATE, "event-without-session"),
                fault("abandon", SESSION.formatted("init_at = init_at - interval '4 hours'"), "overdue"));
    }

    private static Arguments fault(String scenario, String sql, String... kinds) {
        return Arguments.of(scenario, sql, List.of(kinds));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void a_difference_is_reported_until_it_is_corrected(String scenario, String fault, List<String> kinds)
            throws SQLException {
        UUID session = over(scenario);
        fixture.wholeRound();
        assertThat(fixture.differences(session)).isEmpty();
        List<Double> before = gauges();
        fixture.keep(session);

        stored.unguarded(fault, session);
        fixture.wholeRound();

        assertThat(fixture.differences(session)).containsExactlyInAnyOrderElementsOf(kinds);
        for (DifferenceKind kind : DifferenceKind.values()) {
            assertThat(fixture.gauge(kind) - before.get(kind.ordinal()))
                    .as(kind.code())
                    .isEqualTo(kinds.contains(kind.code()) ? 1 : 0);
        }

        fixture.wholeRound();
        assertThat(fixture.differences(session)).as("still").containsExactlyInAnyOrderElementsOf(kinds);

        fixture.mend(session);
        fixture.pass();

        assertThat(fixture.differences(session)).isEmpty();
        assertThat(gauges()).isEqualTo(before);
    }

    @Test
    void each_kind_of_difference_has_a_fault_above() {
        assertThat(faults().flatMap(fault -> ((List<?>) fault.get()[2]).stream().map(String.class::cast))
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(DifferenceKind.values())
                        .filter(kind -> kind != DifferenceKind.NO_SESSION)
                        .map(DifferenceKind::code)
                        .toList());
    }

    @Test
    void an_entry_without_a_session_shows_until_it_is_gone() throws SQLException {
        UUID nowhere = UUID.randomUUID();
        fixture.wholeRound();
        double before = fixture.gauge(DifferenceKind.NO_SESSION);
        enter(nowhere, "PRE_DEDUCT", 800_000);

        fixture.pass();
        assertThat(fixture.differences(nowhere)).containsExactly("no-session");
        assertThat(fixture.gauge(DifferenceKind.NO_SESSION)).isEqualTo(before + 1);

        stored.unguarded("delete from ledger_entry where session_id = ?", nowhere);
        fixture.pass();
        assertThat(fixture.gauge(DifferenceKind.NO_SESSION)).isEqualTo(before);
    }

    @Test
    void an_event_without_a_session_shows_until_it_is_gone() throws SQLException {
        UUID nowhere = UUID.randomUUID();
        fixture.wholeRound();
        double imbalance = fixture.gauge("liveness.ledger.imbalance");
        stored.execute(
                "insert into session_event (session_id, type, at, detail) values (?, 'CONTRADICTED', now(), '{\"late\": \"accepted\", \"taskNo\": \"1\"}')",
                nowhere);

        fixture.pass();
        assertThat(fixture.differences(nowhere)).containsExactly("event-without-session");
        assertThat(fixture.gauge("liveness.ledger.imbalance")).isEqualTo(imbalance + 1);

        stored.execute("delete from session_event where session_id = ?", nowhere);
        fixture.pass();
        assertThat(fixture.gauge("liveness.ledger.imbalance")).isEqualTo(imbalance);
    }

    @Test
    void an_entry_whose_session_was_removed_long_ago_is_met_by_night() throws SQLException {
        UUID session = over("pass");
        fixture.wholeRound();
        fixture.keep(session);
        stored.unguarded("delete from session_event where session_id = ?", session);
        stored.unguarded("delete from liveness_session where id = ?", session);

        fixture.wholeRound();

        assertThat(fixture.differences(session)).containsExactly("no-session");
        fixture.mend(session);
        fixture.pass();
        assertThat(fixture.differences(session)).isEmpty();
    }

    @Test
    void a_correction_is_no_difference() throws SQLException {
        UUID settled = over("pass");
        UUID nowhere = UUID.randomUUID();
        enter(settled, "ADJUSTMENT", -800_000);
        enter(nowhere, "ADJUSTMENT", 800_000);

        fixture.wholeRound();

        assertThat(fixture.differences(settled)).isEmpty();
        assertThat(fixture.differences(nowhere)).isEmpty();
    }

    @Test
    void an_opening_that_was_written_off_has_its_fee_when_it_is_accepted_late() throws SQLException {
        UUID session = over("drop-after-fee");
        stored.execute(ACCEPTED_LATE, session);

        fixture.wholeRound();

        assertThat(fixture.differences(session)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void the_books_agree_for_every_end_of_a_session(String scenario) throws SQLException {
        UUID session = over(scenario);

        fixture.wholeRound();

        assertThat(fixture.differences(session)).isEmpty();
    }

    static Stream<String> scenarios() {
        return Stream.of(
                "pass",
                "not-pass",
                "fail",
                "charge-false",
                "abandon",
                "contradict",
                "drop-after-fee",
                "drop-before-fee",
                "code-601",
                "code-609-once",
                "token-missing",
                "refused-charged",
                "garbage",
                "result-500");
    }

    @Test
    void what_is_new_is_compared_by_the_next_minute_and_logged_once() throws SQLException {
        fixture.pass();
        UUID session = over("pass");
        stored.unguarded(NO_ENTRY.formatted("CHARGE"), session);
        try (LogRecorder log = LogRecorder.start()) {
            fixture.pass();
            fixture.pass();

            assertThat(log.lines().stream().filter(line -> line.contains(session.toString())))
                    .singleElement()
                    .asString()
                    .contains("books.differ")
                    .contains("ending-missing");
        }
        writeChargeAgain(session);
        fixture.pass();
        assertThat(fixture.differences(session)).isEmpty();
    }

    @Test
    void what_was_new_is_read_once_more_as_a_row_may_become_visible_late() throws SQLException {
        fixture.pass();
        UUID session = over("pass");
        fixture.pass();
        stored.unguarded(NO_ENTRY.formatted("CHARGE"), session);

        fixture.pass();
        assertThat(fixture.differences(session)).containsExactly("ending-missing");
        writeChargeAgain(session);
        fixture.pass();
        fixture.pass();
        stored.unguarded(NO_ENTRY.formatted("PRE_DEDUCT"), session);
        fixture.pass();

        assertThat(fixture.differences(session)).as("old by now").isEmpty();
        fixture.wholeRound();
        assertThat(fixture.differences(session)).containsExactly("pre-deduction-missing");
    }

    @Test
    void a_session_that_leaves_the_schedule_later_is_found_by_night() throws SQLException {
        UUID session = over("abandon");
        fixture.pass();
        fixture.pass();
        fixture.pass();
        stored.unguarded(UNSCHEDULED, session);

        fixture.wholeRound();

        assertThat(fixture.differences(session)).containsExactly("schedule-wrong");
    }

    @Test
    void a_night_that_was_stopped_goes_on_and_one_that_is_over_waits_for_the_next() throws SQLException {
        UUID session = over("pass");
        fixture.wholeRound();
        assertThat(stored.count(
                        "select count(*) from books_night where due_at between now() and now() + interval '24 hours'"))
                .isEqualTo(1);
        stored.execute(
                "update books_night set due_at = '-infinity', session_from = ?",
                new UUID(session.getMostSignificantBits(), session.getLeastSignificantBits() - 1));
        stored.unguarded(NO_ENTRY.formatted("CHARGE"), session);

        assertThat(books.compareRange(1)).isTrue();
        assertThat(fixture.differences(session)).containsExactly("ending-missing");
        assertThat(stored.strings("select session_from from books_night")).containsExactly(session.toString());
        watch.watchAll();

        assertThat(books.compareRange(CompareBooks.RANGE)).as("by day").isFalse();
    }

    @Test
    void a_night_compares_what_was_there_before_it_and_ends_however_much_is_opened_meanwhile() throws SQLException {
        UUID first = over("pass");
        UUID second = over("pass");
        stored.execute(
                "update books_night set due_at = liveness_now(), session_from = ?,"
                        + " entry_from = (select max(id) from ledger_entry)",
                new UUID(first.getMostSignificantBits(), first.getLeastSignificantBits() - 1));
        stored.unguarded(NO_ENTRY.formatted("CHARGE"), second);

        int ranges = 1;
        for (; ranges < 10 && books.compareRange(1); ranges++) {
            over("pass");
        }

        assertThat(ranges).isEqualTo(3);
        assertThat(fixture.differences(second)).containsExactly("ending-missing");
    }

    private void writeChargeAgain(UUID session) throws SQLException {
        stored.unguarded(
                "insert into ledger_entry (session_id, kind, task_no, basis, amount, currency, recorded_at, caller, init_at)"
                        + " select id, 'CHARGE', task_no, 'RULE', fee_amount, fee_currency, now(), caller, init_at"
                        + " from liveness_session where id = ?",
                session);
    }

    @Test
    void overdue_fees_stay_in_sight_until_they_end() throws SQLException {
        UUID session = over("abandon");
        fixture.wholeRound();
        double before = fixture.gauge("liveness.ledger.overdue");
        stored.execute(SESSION.formatted("init_at = init_at - interval '3 hours 10 minutes'"), session);
        fixture.pass();
        assertThat(fixture.gauge("liveness.ledger.overdue"))
                .as("within the margin")
                .isEqualTo(before);

        stored.execute(SESSION.formatted("init_at = init_at - interval '400 days'"), session);
        fixture.pass();
        assertThat(fixture.gauge("liveness.ledger.overdue")).isEqualTo(before + 80);

        api.check(session.toString());
        stored.execute(SESSION.formatted("init_at = liveness_now()"), session);
        fixture.pass();
        assertThat(fixture.gauge("liveness.ledger.overdue")).isEqualTo(before);
    }

    @Test
    void while_one_watcher_compares_the_others_do_not_and_do_not_wait() throws SQLException {
        fixture.pass();
        long passes = passes();
        stored.execute("update books_comparison set next_pass_at = '-infinity'");

        try (Connection one = database.getConnection();
                Statement pass = one.createStatement()) {
            one.setAutoCommit(false);
            pass.execute("select from books_comparison where only_row for update");
            assertThat(Stream.generate(() -> books.compareNew(CompareBooks.NEW_ROWS))
                            .limit(10))
                    .containsOnly(false);
            one.rollback();
        }

        assertThat(passes()).isEqualTo(passes);
    }

    @Test
    void books_that_are_not_compared_have_no_value() throws SQLException {
        stored.execute(
                "update books_comparison set next_pass_at = 'infinity', compared_at = now() - interval '6 minutes'");
        watch.watch();
        assertThat(gauges()).containsOnly(Double.NaN);
        assertThat(fixture.gauge("liveness.ledger.imbalance")).isNaN();
        assertThat(fixture.gauge("liveness.ledger.overdue")).isNaN();

        fixture.pass();
        assertThat(gauges()).doesNotContain(Double.NaN);
    }

    /** A session that has gone as far as its scenario lets it. */
    private UUID over(String scenario) {
        var answer = api.open(scenario);
        String id = answer.statusCode() == 201 ? answer.path("id") : answer.path("sessionId");
        if (!scenario.equals("abandon")) {
            api.check(id);
        }
        return UUID.fromString(id);
    }

    private List<Double> gauges() {
        return Arrays.stream(DifferenceKind.values()).map(fixture::gauge).toList();
    }

    private long passes() {
        return stored.count("select passes from books_comparison");
    }

    private void enter(UUID session, String kind, long amount) throws SQLException {
        stored.execute(
                "insert into ledger_entry (session_id, kind, basis, amount, currency, recorded_at, caller, init_at)"
                        + " values (?, ?, 'RULE', ?, 'CNY', now(), 'nobody', now())",
                session,
                kind,
                amount);
    }
}
