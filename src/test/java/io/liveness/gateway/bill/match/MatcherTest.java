package io.liveness.gateway.bill.match;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.bill.match.Matcher.Bill;
import io.liveness.gateway.bill.match.Matcher.Fee;
import io.liveness.gateway.bill.match.Matcher.Fee.BilledLine;
import io.liveness.gateway.bill.match.Matcher.Fee.Elsewhere;
import io.liveness.gateway.bill.match.Matcher.MatchResult;
import io.liveness.gateway.bill.match.Matcher.UnknownLine;
import io.liveness.gateway.bill.read.Mapping.StatedStatus;
import io.liveness.gateway.bill.read.StatementReader.Line;
import io.liveness.gateway.bill.read.StatementReader.Reading;
import io.liveness.gateway.bill.read.StatementReader.Reading.Totals;
import io.liveness.gateway.books.BillDetail;
import io.liveness.gateway.books.BillDetail.Code;
import io.liveness.gateway.books.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each kind of result by examples: a bill of one day, with a tolerance of five minutes and a window of 30 seconds. */
class MatcherTest {

    private static final Instant BEGIN = Instant.parse("2019-03-01T00:00:00Z");
    private static final Instant END = Instant.parse("2019-03-02T00:00:00Z");
    private static final Instant NOON = Instant.parse("2019-03-01T12:00:00Z");
    private static final UUID OTHER = new UUID(0, 7);
    private static final BillDetail EMPTY = Code.CELL_EMPTY.with("column", "amount");
    private static final Elsewhere BILLED =
            new Elsewhere(Optional.of(new BilledLine(OTHER, 3)), Optional.empty(), false, List.of());
    private static final Elsewhere CORRECTED = new Elsewhere(Optional.empty(), Optional.of(OTHER), false, List.of());
    private static final Elsewhere AWAITED = new Elsewhere(Optional.empty(), Optional.empty(), true, List.of());

    private final List<MatchResult> results = new ArrayList<>();
    private boolean hasBefore;
    private boolean hasBehind;
    private StatedStatus taken = StatedStatus.PRE_DEDUCTED;

    @ParameterizedTest(name = "{0} on the bill, {1} in our books, ended {2}: {3}")
    @CsvSource(textBlock = """
            # bill,        books,        ended,      result
            CHARGED,       CHARGED,      in time,    MATCHED
            REFUNDED,      REFUNDED,     in time,    MATCHED
            PRE_DEDUCTED,  PRE_DEDUCTED, not,        MATCHED
            PRE_DEDUCTED,  CHARGED,      after it,   MATCHED
            PRE_DEDUCTED,  REFUNDED,     after it,   MATCHED
            PRE_DEDUCTED,  CHARGED,      in time,    STATUS_DIFFERS
            CHARGED,       REFUNDED,     in time,    STATUS_DIFFERS
            CHARGED,       REFUNDED,     after it,   STATUS_DIFFERS
            REFUNDED,      CHARGED,      in time,    STATUS_DIFFERS
            CHARGED,       PRE_DEDUCTED, not,        STATUS_DIFFERS
            PRE_DEDUCTED,  UNCONFIRMED,  not,        MATCHED
            REFUNDED,      UNCONFIRMED,  not,        MATCHED
            CHARGED,       UNCONFIRMED,  not,        STATUS_DIFFERS
            """)
    void a_status_agrees_when_it_is_ours_or_was_when_the_bill_was_made(
            StatedStatus bill, String books, String ended, MatchKind result) {
        Optional<Instant> end =
                switch (ended) {
                    case "in time" -> Optional.of(END.minusMillis(1));
                    case "after it" -> Optional.of(END);
                    default -> Optional.empty();
                };

        match(List.of(line(2, "a", bill, 80, NOON)), List.of(fee("a", books, 80, end, Elsewhere.NOWHERE)));

        assertThat(told()).containsExactly(result + " 2 a");
    }

    @Test
    void a_line_may_differ_by_amount_and_by_status() {
        match(
                List.of(line(2, "a", 90), line(3, "b", StatedStatus.REFUNDED, 90, NOON)),
                List.of(fee("a", 80), fee("b", 80)));

        assertThat(told()).containsExactly("AMOUNT_DIFFERS 2 a", "AMOUNT_DIFFERS 3 b", "STATUS_DIFFERS 3 b");
    }

    @Test
    void a_fee_of_another_currency_has_another_amount() {
        Fee fee = fee("a", 80);
        Fee dollars = new Fee(
                fee.session(),
                fee.taskNo(),
                false,
                fee.status(),
                fee.basis(),
                80,
                "USD",
                fee.at(),
                fee.ended(),
                fee.elsewhere());

        match(List.of(line(2, "a", 80)), List.of(dollars));

        assertThat(told()).containsExactly("AMOUNT_DIFFERS 2 a");
    }

    @Test
    void lines_and_fees_are_found_by_their_number_wherever_the_other_side_has_gaps() {
        match(
                List.of(line(9, "b", 80), line(2, "d", 80), line(3, "e", 80)),
                List.of(fee("a", 80), fee("b", 80), fee("c", 80), fee("e", 80), fee("f", 80)));

        assertThat(told()).containsExactly("MATCHED 9 b", "MATCHED 3 e", "MISSING_IN_LEDGER 2 null");
    }

    @Test
    void a_repeated_number_is_a_duplicate_unless_its_first_line_cannot_be_read() {
        match(
                List.of(
                        line(2, "a", 80),
                        line(5, "a", 80),
                        unreadable(2, "b"),
                        line(3, "b", 80),
                        unreadable(4, "b"),
                        line(6, "b", 80),
                        line(7, "c", 80),
                        line(8, "c", 80)),
                List.of(fee("a", 80), fee("b", 80)));

        assertThat(told())
                .containsExactly(
                        "MATCHED 2 a",
                        "DUPLICATE_LINE 5 a",
                        "UNREADABLE_LINE 2 b",
                        "UNREADABLE_LINE 4 b",
                        "MATCHED 3 b",
                        "DUPLICATE_LINE 6 b",
                        "DUPLICATE_LINE 8 null",
                        "MISSING_IN_LEDGER 7 null");
    }

    @ParameterizedTest(name = "lines {0}, in our books {1}: {2}")
    @CsvSource(textBlock = """
            # lines of the number,                      books,     results
            PRE_DEDUCTED 80 CHARGED 80,                 CHARGED,   MATCHED 3 a
            CHARGED 80 PRE_DEDUCTED 80,                 CHARGED,   MATCHED 2 a
            PRE_DEDUCTED 80 REFUNDED 80,                REFUNDED,  MATCHED 3 a
            PRE_DEDUCTED 80 CHARGED 90,                 CHARGED,   AMOUNT_DIFFERS 3 a
            PRE_DEDUCTED 80 REFUNDED 80,                CHARGED,   STATUS_DIFFERS 3 a
            PRE_DEDUCTED 80 REFUNDED 40,                REFUNDED,  STATUS_DIFFERS 2 a; DUPLICATE_LINE 3 a
            PRE_DEDUCTED 80 PRE_DEDUCTED 80,            CHARGED,   STATUS_DIFFERS 2 a; DUPLICATE_LINE 3 a
            CHARGED 80 REFUNDED 80,                     CHARGED,   MATCHED 2 a; DUPLICATE_LINE 3 a
            PRE_DEDUCTED 80 CHARGED 80 CHARGED 80,      CHARGED,   MATCHED 3 a; DUPLICATE_LINE 4 a
            PRE_DEDUCTED 80 CHARGED 80 PRE_DEDUCTED 80, CHARGED,   MATCHED 3 a; DUPLICATE_LINE 4 a
            PRE_DEDUCTED 80,                            CHARGED,   STATUS_DIFFERS 2 a
            """)
    void a_pre_deduction_and_its_end_are_one_line(String lines, String books, String expected) {
        String[] words = lines.split(" ");
        List<Line> journal = new ArrayList<>();
        for (int i = 0; i < words.length; i += 2) {
            Instant at = NOON.plusSeconds(i);
            journal.add(line(2 + i / 2, "a", StatedStatus.valueOf(words[i]), Long.parseLong(words[i + 1]), at));
        }
        journal.add(line(9, "b", 80));

        match(journal, List.of(fee("a", books, 80, Optional.of(NOON), Elsewhere.NOWHERE), fee("b", 80)));

        assertThat(String.join("; ", told())).isEqualTo(expected + "; MATCHED 9 b");
    }

    @Test
    void where_the_sign_is_the_status_a_charge_and_its_return_are_one_line_that_the_invoice_leaves_out() {
        taken = StatedStatus.CHARGED;

        Matcher matcher = match(
                List.of(
                        line(2, "a", StatedStatus.CHARGED, units("0.80"), NOON),
                        line(3, "a", StatedStatus.REFUNDED, units("0.80"), NOON.plusSeconds(60)),
                        line(4, "b", StatedStatus.CHARGED, units("0.80"), NOON),
                        line(5, "c", StatedStatus.CHARGED, units("0.80"), NOON),
                        line(6, "c", StatedStatus.CHARGED, units("0.80"), NOON)),
                List.of(
                        fee("a", Fee.REFUNDED, units("0.80"), Optional.of(NOON), Elsewhere.NOWHERE),
                        fee("b", units("0.80")),
                        fee("c", units("0.80"))));

        assertThat(told()).containsExactly("MATCHED 3 a", "MATCHED 4 b", "MATCHED 5 c", "DUPLICATE_LINE 6 c");
        Reading reading = reading("4.00", "3.20", new Totals(7, Optional.empty(), Optional.of(units("2.40"))));
        assertThat(matcher.totals(reading, Optional.of(units("2.40")))).isEmpty();
    }

    @Test
    void a_journal_is_at_the_time_at_which_its_fee_was_taken_and_its_sum_may_leave_pre_deductions_out() {
        Matcher matcher = match(
                List.of(
                        line(2, "a", StatedStatus.PRE_DEDUCTED, units("0.80"), NOON),
                        line(3, "a", StatedStatus.CHARGED, units("0.80"), NOON.plusSeconds(60)),
                        line(4, "b", StatedStatus.CHARGED, units("0.80"), NOON)),
                List.of());

        assertThat(results)
                .extracting(result -> result.line().orElseThrow().at())
                .containsOnly(Optional.of(NOON));
        for (String sum : List.of("2.40", "1.60")) {
            Reading reading = reading("2.40", "1.60", new Totals(5, Optional.of(3), Optional.of(units(sum))));
            assertThat(matcher.totals(reading, Optional.of(units("1.60")))).isEmpty();
        }
        Reading other = reading("2.40", "1.60", new Totals(5, Optional.of(3), Optional.of(units("0.80"))));
        assertThat(matcher.totals(other, Optional.empty())).hasSize(1);
    }

    @ParameterizedTest(name = "{0} for 0.80 charged, 0.40 and 0.80 returned, the latter a journal, 0.20 under way: {1}")
    @CsvSource({"3.00, true", "2.20, true", "1.00, true", "0.80, true", "1.80, false", "1.20, false"})
    void a_total_may_leave_out_what_was_returned_or_be_of_charges_alone(String total, boolean right) {
        Matcher matcher = match(
                List.of(
                        line(2, "a", StatedStatus.CHARGED, units("0.80"), NOON),
                        line(3, "b", StatedStatus.REFUNDED, units("0.40"), NOON),
                        line(4, "c", StatedStatus.PRE_DEDUCTED, units("0.80"), NOON),
                        line(5, "c", StatedStatus.REFUNDED, units("0.80"), NOON),
                        line(6, "d", StatedStatus.PRE_DEDUCTED, units("0.20"), NOON)),
                List.of());
        Reading reading = reading("3.00", "0.80", new Totals(7, Optional.empty(), Optional.of(units(total))));

        assertThat(matcher.totals(reading, Optional.empty()).isEmpty()).isEqualTo(right);
    }

    @Test
    void a_line_without_a_number_is_unreadable_and_says_why() {
        Line line = new Line(
                2, Optional.empty(), Optional.of(NOON), Optional.empty(), Optional.empty(), Optional.of(EMPTY));

        match(List.of(line), List.of(fee("a", 80)));

        assertThat(told()).containsExactly("UNREADABLE_LINE 2 null");
        assertThat(results.get(0).detail()).contains(EMPTY);
    }

    @ParameterizedTest(name = "{0} on the bill of a fee that another bill has: {1}")
    @CsvSource({"CHARGED, DUPLICATE_LINE", "REFUNDED, STATUS_DIFFERS", "PRE_DEDUCTED, STATUS_DIFFERS"})
    void a_fee_is_charged_by_one_bill(StatedStatus bill, MatchKind result) {
        match(List.of(line(2, "a", bill, 80, NOON)), List.of(fee("a", Fee.CHARGED, 80, Optional.of(NOON), BILLED)));

        assertThat(told()).containsExactly(result + " 2 a");
        if (result == MatchKind.DUPLICATE_LINE) {
            assertThat(results.get(0).detail()).contains(Code.CHARGED_TWICE.with("statement", OTHER, "line", 3));
        }
    }

    @Test
    void a_fee_that_was_adjusted_to_another_bill_has_another_amount() {
        match(List.of(line(2, "a", 80)), List.of(fee("a", Fee.CHARGED, 80, Optional.of(NOON), CORRECTED)));

        assertThat(told()).containsExactly("AMOUNT_DIFFERS 2 a");
        assertThat(results.get(0).detail()).contains(Code.ADJUSTED_ELSEWHERE.with("statement", OTHER));
    }

    @Test
    void a_line_outside_of_the_stated_period_is_matched_and_told() {
        Matcher matcher = match(
                List.of(
                        line(2, "a", StatedStatus.CHARGED, 80, BEGIN.minusSeconds(1)),
                        line(3, "b", StatedStatus.CHARGED, 80, BEGIN),
                        line(4, "c", StatedStatus.CHARGED, 80, END.minusSeconds(1)),
                        line(5, "d", StatedStatus.CHARGED, 90, END),
                        line(6, "e", StatedStatus.CHARGED, 80, END)),
                List.of(fee("a", 80), fee("b", 80), fee("c", 80), fee("d", 80)));

        String outside = " outside-period";
        assertThat(results)
                .extracting(result -> result.kind()
                        + result.detail().map(said -> " " + said.code().code()).orElse(""))
                .containsExactly(
                        "MATCHED" + outside,
                        "MATCHED",
                        "MATCHED",
                        "AMOUNT_DIFFERS" + outside,
                        "MISSING_IN_LEDGER" + outside);
        assertThat(matcher.outside()).isEqualTo(3);
    }

    @ParameterizedTest(name = "a lost fee {0}, a line {1} s later, {2}, {3} 分: {4}")
    @CsvSource(textBlock = """
            # books,      apart, bill,         amount, result
            UNCONFIRMED,  30,    PRE_DEDUCTED, 80,     MATCHED CONFIRMED
            UNCONFIRMED,  -30,   REFUNDED,     80,     MATCHED CONFIRMED
            REFUNDED,     2,     REFUNDED,     80,     MATCHED CONFIRMED
            REFUNDED,     2,     CHARGED,      80,     STATUS_DIFFERS CONTRADICTED
            UNCONFIRMED,  31,    PRE_DEDUCTED, 80,     MISSING_IN_LEDGER
            UNCONFIRMED,  2,     PRE_DEDUCTED, 81,     MISSING_IN_LEDGER
            """)
    void a_line_of_an_unknown_number_is_of_the_lost_fee_that_fits(
            String books, int apart, StatedStatus bill, long amount, String result) {
        lost(List.of(lost(books, NOON, Elsewhere.NOWHERE)), line(2, "x", bill, amount, NOON.plusSeconds(apart)));

        assertThat(results)
                .singleElement()
                .extracting(told -> told.kind()
                        + told.presumption()
                                .map(presumption -> " " + presumption)
                                .orElse(""))
                .isEqualTo(result);
    }

    @Test
    void a_line_and_a_lost_fee_have_to_fit_each_other_alone() {
        Instant later = NOON.plusSeconds(600);
        lost(
                List.of(
                        lost(Fee.UNCONFIRMED, NOON, Elsewhere.NOWHERE),
                        lost(Fee.UNCONFIRMED, NOON.plusSeconds(3), Elsewhere.NOWHERE),
                        lost(Fee.UNCONFIRMED, later, Elsewhere.NOWHERE)),
                line(2, "x", StatedStatus.PRE_DEDUCTED, 80, NOON),
                line(3, "y", StatedStatus.PRE_DEDUCTED, 80, later),
                line(4, "z", StatedStatus.PRE_DEDUCTED, 80, later.plusSeconds(1)));

        assertThat(told()).containsExactly("AMBIGUOUS 2 null", "AMBIGUOUS 3 null", "AMBIGUOUS 4 null");
    }

    @ParameterizedTest(name = "beside it a line {0} s later, {1} 分: {2}")
    @CsvSource(textBlock = """
            # apart, amount, results
            30,      80,     AMBIGUOUS 2 null; AMBIGUOUS 3 null
            -30,     80,     AMBIGUOUS 3 null; AMBIGUOUS 2 null
            31,      80,     MATCHED 2 null; MISSING_IN_LEDGER 3 null
            30,      81,     MATCHED 2 null; MISSING_IN_LEDGER 3 null
            """)
    void a_line_beside_that_of_a_lost_fee_may_be_its_own_within_the_window(int apart, long amount, String expected) {
        lost(
                List.of(lost(Fee.UNCONFIRMED, NOON, Elsewhere.NOWHERE)),
                line(2, "x", StatedStatus.PRE_DEDUCTED, 80, NOON),
                line(3, "y", StatedStatus.PRE_DEDUCTED, amount, NOON.plusSeconds(apart)));

        assertThat(String.join("; ", told())).isEqualTo(expected);
    }

    @Test
    void a_lost_fee_keeps_the_number_that_another_bill_has_given_it() {
        Elsewhere known = new Elsewhere(Optional.empty(), Optional.empty(), false, List.of("x"));

        lost(
                List.of(lost(Fee.UNCONFIRMED, NOON, known), lost(Fee.UNCONFIRMED, NOON.plusSeconds(600), known)),
                line(2, "other", StatedStatus.PRE_DEDUCTED, 80, NOON),
                line(3, "x", StatedStatus.PRE_DEDUCTED, 80, NOON.plusSeconds(600)));

        assertThat(told()).containsExactly("MISSING_IN_LEDGER 2 null", "MATCHED 3 null");
    }

    @Test
    void a_lost_fee_that_was_adjusted_to_another_bill_may_differ_by_its_status_too() {
        lost(List.of(lost(Fee.REFUNDED, NOON, CORRECTED)), line(2, "x", StatedStatus.CHARGED, 80, NOON));

        assertThat(results)
                .extracting(MatchResult::kind)
                .containsExactly(MatchKind.AMOUNT_DIFFERS, MatchKind.STATUS_DIFFERS);
    }

    @Test
    void a_lost_fee_is_charged_by_one_bill_and_adjusted_to_one() {
        lost(
                List.of(lost(Fee.REFUNDED, NOON, BILLED), lost(Fee.REFUNDED, NOON.plusSeconds(600), CORRECTED)),
                line(2, "x", StatedStatus.CHARGED, 80, NOON),
                line(3, "y", StatedStatus.REFUNDED, 80, NOON.plusSeconds(600)));

        assertThat(results)
                .extracting(MatchResult::kind)
                .containsExactly(MatchKind.DUPLICATE_LINE, MatchKind.AMOUNT_DIFFERS);
    }

    @ParameterizedTest(name = "at {0}, {1}, bill before {2}, behind {3}, on another bill {4}: {5}")
    @CsvSource(nullValues = "-", textBlock = """
            # at,                 books,       before, behind, elsewhere, result
            2019-03-01T12:00:00Z, CHARGED,     false,  false,  nowhere,   MISSING_IN_STATEMENT
            2019-03-01T12:00:00Z, CHARGED,     false,  false,  line,      CUT_OFF
            2019-03-01T00:00:00Z, CHARGED,     false,  true,   nowhere,   CUT_OFF
            2019-03-01T00:04:59Z, CHARGED,     false,  true,   nowhere,   CUT_OFF
            2019-03-01T00:05:00Z, CHARGED,     false,  true,   nowhere,   MISSING_IN_STATEMENT
            2019-03-01T00:00:00Z, CHARGED,     true,   false,  nowhere,   MISSING_IN_STATEMENT
            2019-03-01T23:55:00Z, CHARGED,     true,   false,  nowhere,   CUT_OFF
            2019-03-01T23:55:00Z, CHARGED,     false,  true,   nowhere,   MISSING_IN_STATEMENT
            2019-03-01T23:54:59Z, CHARGED,     false,  false,  nowhere,   MISSING_IN_STATEMENT
            2019-02-28T23:59:59Z, CHARGED,     true,   true,   nowhere,   -
            2019-02-28T23:59:59Z, CHARGED,     true,   true,   awaited,   MISSING_IN_STATEMENT
            2019-03-02T00:00:00Z, CHARGED,     true,   true,   awaited,   MISSING_IN_STATEMENT
            2019-03-02T00:00:00Z, CHARGED,     true,   true,   line,      -
            2019-03-01T12:00:00Z, REFUNDED,    false,  false,  nowhere,   MISSING_IN_STATEMENT
            """)
    void a_fee_without_a_line_is_missing_unless_another_bill_has_it_or_may_have_it(
            Instant at, String books, boolean before, boolean behind, String elsewhere, MatchKind result) {
        hasBefore = before;
        hasBehind = behind;
        Elsewhere other =
                switch (elsewhere) {
                    case "line" -> BILLED;
                    case "awaited" -> AWAITED;
                    default -> Elsewhere.NOWHERE;
                };
        Matcher matcher = match(List.of(), List.of());

        matcher.withoutLine(
                List.of(fee(UUID.randomUUID(), "a", books, at, other)).iterator());

        assertThat(results)
                .extracting(MatchResult::kind)
                .containsExactlyElementsOf(result == null ? List.of() : List.of(result));
        assertThat(results)
                .extracting(MatchResult::detail)
                .allMatch(detail -> detail.equals(
                        elsewhere.equals("line")
                                ? Optional.of(Code.ON_LINE_OF.with("line", 3, "statement", OTHER))
                                : Optional.empty()));
    }

    @Test
    void a_lost_fee_without_a_line_is_not_billed_unless_an_ambiguous_line_may_be_its_own() {
        Fee one = lost(Fee.UNCONFIRMED, NOON, Elsewhere.NOWHERE);
        Fee two = lost(Fee.UNCONFIRMED, NOON.plusSeconds(3), Elsewhere.NOWHERE);
        Fee far = lost(Fee.REFUNDED, NOON.plusSeconds(600), Elsewhere.NOWHERE);
        Matcher matcher = lost(List.of(one, two, far), line(2, "x", StatedStatus.PRE_DEDUCTED, 80, NOON));
        results.clear();

        matcher.withoutLine(List.of(one, two, far).iterator());

        assertThat(results).extracting(result -> result.fee().orElseThrow()).containsExactly(far);
        assertThat(results.get(0).kind()).isEqualTo(MatchKind.NOT_BILLED);
        assertThat(results.get(0).presumption()).contains(MatchResult.Presumption.CONTRADICTED);
        assertThat(results.get(0).detail()).isEmpty();
    }

    @ParameterizedTest(name = "a bill of lines {0}: {1}")
    @CsvSource(textBlock = """
            # lines,                result for a returned fee without one
            CHARGED CHARGED,        NOT_BILLED
            CHARGED REFUNDED,       MISSING_IN_STATEMENT
            CHARGED PRE_DEDUCTED,   MISSING_IN_STATEMENT
            REFUNDED,               MISSING_IN_STATEMENT
            """)
    void a_returned_fee_is_explained_by_a_bill_that_lists_charges_only(String lines, MatchKind result) {
        List<Line> bill = new ArrayList<>();
        for (String status : lines.split(" ")) {
            int number = bill.size() + 2;
            bill.add(line(number, "a" + number, StatedStatus.valueOf(status), 80, NOON));
        }
        Matcher matcher = match(bill, List.of());
        results.clear();

        matcher.withoutLine(List.of(
                        fee(UUID.randomUUID(), "r", Fee.REFUNDED, NOON, Elsewhere.NOWHERE),
                        fee(UUID.randomUUID(), "c", Fee.CHARGED, NOON, Elsewhere.NOWHERE))
                .iterator());

        assertThat(results).extracting(MatchResult::kind).containsExactly(result, MatchKind.MISSING_IN_STATEMENT);
        assertThat(results.get(0).presumption()).isEmpty();
        assertThat(results.get(0).detail())
                .isEqualTo(result == MatchKind.NOT_BILLED ? Optional.of(Code.RETURNED.with()) : Optional.empty());
    }

    @Test
    void totals_are_compared_with_the_lines() {
        Reading right = reading("2.40", "1.60", new Totals(5, Optional.of(3), Optional.of(units("2.40"))));
        Reading wrong = reading("2.40", "1.60", new Totals(5, Optional.of(2), Optional.of(units("1.50"))));

        Matcher matcher = match(List.of(), List.of());

        assertThat(matcher.totals(right, Optional.of(units("1.60")))).isEmpty();
        assertThat(matcher.totals(wrong, Optional.of(units("1.61"))))
                .extracting(MatchResult.Total::what)
                .containsExactly(
                        Code.SUM_STATED.with(), Code.LINES_STATED.with("stated", 2, "lines", 3), Code.INVOICE.with());
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            # sums that the file may state, what differs
            2.40,  0.80,  3.20,  -
            0.80,  2.40,  3.20,  -
            0.80,  1.60,  2.40,  -
            0.80,  1.61,  2.41,  2.41
            0.80,  2.50,  3.30,  2.50
            """)
    void of_several_totals_one_is_right_or_the_nearest_one_differs(
            String first, String last, String together, String differing) {
        List<Totals> stated = Stream.of(first, last, together)
                .map(sum -> new Totals(5, Optional.of(3), Optional.of(units(sum))))
                .toList();

        assertThat(match(List.of(), List.of())
                        .totals(reading("2.40", "2.40", stated, Optional.empty()), Optional.empty()))
                .extracting(total -> decimal(total.stated()))
                .isEqualTo(differing == null ? List.of() : List.of(differing));
    }

    @Test
    void a_stated_sum_that_cannot_be_read_is_told() {
        Reading reading =
                reading("2.40", "2.40", List.of(new Totals(5, Optional.of(3), Optional.empty())), Optional.of(5));

        assertThat(match(List.of(), List.of()).totals(reading, Optional.empty()))
                .containsExactly(
                        new MatchResult.Total(Code.SUM_UNREADABLE.with("line", 5), Optional.empty(), Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            # sum that the file states, invoice, what differs
            2.415,                      2.42,
            2.42,                       2.42,
            2.41,                       2.42,    2.415 and 2.41
            2.43,                       2.42,    2.415 and 2.43
            2.415,                      2.41,    2.42 and 2.41
            2.415,                      2.43,    2.42 and 2.43
            """)
    void a_total_that_is_paid_is_rounded_half_up_once(String stated, String invoice, String differing) {
        // Three at 0.805 each: rounded apart they would be 2.43.
        Reading reading = reading("2.415", "2.415", new Totals(5, Optional.of(3), Optional.of(units(stated))));

        assertThat(match(List.of(), List.of()).totals(reading, Optional.of(units(invoice))))
                .extracting(total -> decimal(total.counted()) + " and " + decimal(total.stated()))
                .isEqualTo(differing == null ? List.of() : List.of(differing));
    }

    private static String decimal(Optional<Long> units) {
        return new Money(units.orElseThrow(), "CNY").decimal();
    }

    private static long units(String decimal) {
        return Money.parse(decimal, "CNY").units();
    }

    private static Reading reading(String sum, String charged, Totals stated) {
        return reading(sum, charged, List.of(stated), Optional.empty());
    }

    private static Reading reading(String sum, String charged, List<Totals> stated, Optional<Integer> unreadable) {
        return new Reading(3, units(sum), units(charged), Optional.of(NOON), Optional.of(NOON), stated, unreadable);
    }

    private Matcher match(List<Line> lines, List<Fee> fees) {
        return match(List.of(), lines, fees);
    }

    private Matcher lost(List<Fee> lost, Line... lines) {
        return match(lost, Arrays.asList(lines), List.of());
    }

    private Matcher match(List<Fee> lost, List<Line> lines, List<Fee> fees) {
        List<Line> unknown = new ArrayList<>();
        Matcher matcher = matcher(results::add, unknown::add);
        matcher.lines(lines.iterator(), fees.iterator());
        unknown.sort(Comparator.comparing(line -> line.at().orElseThrow()));
        matcher.lostInits(unknown(unknown), unknown.iterator(), lost.iterator());
        return matcher;
    }

    private static Iterator<UnknownLine> unknown(List<Line> lines) {
        return lines.stream()
                .map(line -> new UnknownLine(line, Optional.empty()))
                .iterator();
    }

    private Matcher matcher(Consumer<MatchResult> results, Consumer<Line> unknown) {
        Bill bill = new Bill(
                "CNY",
                Optional.of(BEGIN),
                Optional.of(END),
                BEGIN,
                END,
                hasBefore,
                hasBehind,
                Duration.ofMinutes(5),
                Duration.ofSeconds(30),
                taken);
        return new Matcher(bill, results, unknown);
    }

    private static Line line(int number, String taskNo, long amount) {
        return line(number, taskNo, StatedStatus.CHARGED, amount, NOON);
    }

    private static Line line(int number, String taskNo, StatedStatus status, long amount, Instant at) {
        return new Line(
                number,
                Optional.of(taskNo),
                Optional.of(at),
                Optional.of(status),
                Optional.of(amount),
                Optional.empty());
    }

    private static Line unreadable(int number, String taskNo) {
        return new Line(
                number, Optional.of(taskNo), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(EMPTY));
    }

    private static Fee fee(String taskNo, long amount) {
        return fee(taskNo, Fee.CHARGED, amount, Optional.of(NOON), Elsewhere.NOWHERE);
    }

    private static Fee fee(String taskNo, String status, long amount, Optional<Instant> ended, Elsewhere elsewhere) {
        return new Fee(
                UUID.randomUUID(),
                Optional.of(taskNo),
                false,
                status,
                Optional.of("RULE"),
                amount,
                "CNY",
                NOON,
                ended,
                elsewhere);
    }

    private static Fee fee(UUID session, String taskNo, String status, Instant at, Elsewhere elsewhere) {
        return new Fee(
                session,
                Optional.of(taskNo),
                false,
                status,
                Optional.of("RULE"),
                80,
                "CNY",
                at,
                Optional.of(at),
                elsewhere);
    }

    private static Fee lost(String status, Instant at, Elsewhere elsewhere) {
        return new Fee(
                UUID.randomUUID(),
                Optional.empty(),
                true,
                status,
                Optional.of("PRESUMED"),
                80,
                "CNY",
                at,
                Optional.empty(),
                elsewhere);
    }

    /** Each result in the form {@code KIND line}, with the task number of its fee. */
    private List<String> told() {
        return results.stream()
                .map(result -> result.kind() + " " + result.line().orElseThrow().number() + " "
                        + result.fee().flatMap(Fee::taskNo).orElse(null))
                .toList();
    }
}
