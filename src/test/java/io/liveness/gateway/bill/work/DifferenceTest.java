package io.liveness.gateway.bill.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.bill.match.MatchKind;
import io.liveness.gateway.bill.read.Mapping.StatedStatus;
import io.liveness.gateway.bill.work.Difference.Elsewhere;
import io.liveness.gateway.bill.work.Difference.OurFee;
import io.liveness.gateway.bill.work.Difference.Refusal;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What accepting adds, and what is refused, by examples: fees and lines of a bill in CNY. */
class DifferenceTest {

    private static final String NOTHING = "-";

    @ParameterizedTest(name = "{0}: {1} in our books, {2} on the bill, {3} on another one adds {4}")
    @CsvSource(textBlock = """
            # kind,                books,          bill,              another bill, adds
            MISSING_IN_STATEMENT,  CHARGED 80,     -,                 NO_LINE,      -80
            MISSING_IN_STATEMENT,  CHARGED 80,     -,                 A_LINE,       0
            MISSING_IN_STATEMENT,  CHARGED 80,     -,                 A_CHARGE,     0
            MISSING_IN_STATEMENT,  REFUNDED 80,    -,                 NO_LINE,      0
            MISSING_IN_LEDGER,     -,              CHARGED 70,        NO_LINE,      70
            MISSING_IN_LEDGER,     -,              REFUNDED 70,       NO_LINE,      0
            MISSING_IN_LEDGER,     -,              PRE_DEDUCTED 70,   NO_LINE,      0
            AMBIGUOUS,             -,              CHARGED 80,        NO_LINE,      80
            AMBIGUOUS,             -,              PRE_DEDUCTED 80,   NO_LINE,      0
            DUPLICATE_LINE,        CHARGED 80,     CHARGED 80,        NO_LINE,      80
            DUPLICATE_LINE,        CHARGED 80,     CHARGED 90,        A_CHARGE,     90
            DUPLICATE_LINE,        CHARGED 80,     REFUNDED 80,       NO_LINE,      0
            DUPLICATE_LINE,        CHARGED 80,     PRE_DEDUCTED 80,   NO_LINE,      0
            DUPLICATE_LINE,        -,              CHARGED 80,        NO_LINE,      80
            AMOUNT_DIFFERS,        CHARGED 80,     CHARGED 90,        NO_LINE,      10
            AMOUNT_DIFFERS,        CHARGED 80,     CHARGED 70,        NO_LINE,      -10
            AMOUNT_DIFFERS,        CHARGED 80,     PRE_DEDUCTED 90,   NO_LINE,      10
            AMOUNT_DIFFERS,        CHARGED 80,     CHARGED 90,        A_LINE,       10
            AMOUNT_DIFFERS,        REFUNDED 80,    REFUNDED 90,       NO_LINE,      0
            AMOUNT_DIFFERS,        REFUNDED 80,    PRE_DEDUCTED 90,   NO_LINE,      0
            # Where amount and status of a line differ, both results together make our amount theirs.
            AMOUNT_DIFFERS,        CHARGED 80,     REFUNDED 90,       NO_LINE,      0
            STATUS_DIFFERS,        CHARGED 80,     REFUNDED 90,       NO_LINE,      -80
            AMOUNT_DIFFERS,        REFUNDED 80,    CHARGED 90,        NO_LINE,      10
            STATUS_DIFFERS,        REFUNDED 80,    CHARGED 90,        NO_LINE,      80
            STATUS_DIFFERS,        CHARGED 80,     PRE_DEDUCTED 80,   NO_LINE,      0
            # It was returned since the bill was made.
            STATUS_DIFFERS,        REFUNDED 80,    PRE_DEDUCTED 80,   NO_LINE,      0
            UNREADABLE_LINE,       CHARGED 80,     -,                 NO_LINE,      0
            UNREADABLE_LINE,       -,              CHARGED 90,        NO_LINE,      0
            CONTROL_TOTAL_DIFFERS, -,              -,                 NO_LINE,      0
            MATCHED,               CHARGED 80,     CHARGED 80,        NO_LINE,      0
            NOT_BILLED,            UNCONFIRMED 80, -,                 NO_LINE,      0
            CUT_OFF,               CHARGED 80,     -,                 A_CHARGE,     0
            """)
    void accepting_adds_what_makes_ours_theirs(
            MatchKind kind, String books, String bill, Elsewhere elsewhere, long adds) {
        assertThat(difference(kind, books + " CNY", bill, elsewhere, false, null, false)
                        .adds())
                .isEqualTo(adds);
    }

    @ParameterizedTest(
            name = "{0}: {1} in our books, first line {2}, {3} on another bill, accepted {4}, elsewhere {5}: {6}")
    @CsvSource(nullValues = NOTHING, textBlock = """
            # kind,                books,               first, another bill, accepted, elsewhere, refusal
            MISSING_IN_STATEMENT,  CHARGED 80 CNY,      true,  NO_LINE,      -,        false,     -
            AMOUNT_DIFFERS,        CHARGED 80 CNY,      true,  NO_LINE,      -,        false,     -
            STATUS_DIFFERS,        REFUNDED 80 CNY,     true,  NO_LINE,      -,        false,     -
            MISSING_IN_LEDGER,     -,                   false, NO_LINE,      -,        false,     -
            AMBIGUOUS,             -,                   false, NO_LINE,      -,        false,     -
            UNREADABLE_LINE,       -,                   false, NO_LINE,      -,        false,     -
            CONTROL_TOTAL_DIFFERS, -,                   false, NO_LINE,      -,        false,     -
            # Not a difference, whatever else stands in its way.
            MATCHED,               CHARGED 80 CNY,      true,  NO_LINE,      -,        false,     NO_DIFFERENCE
            NOT_BILLED,            PRE_DEDUCTED 80 CNY, true,  NO_LINE,      -,        true,      NO_DIFFERENCE
            CUT_OFF,               CHARGED 80 USD,      true,  A_CHARGE,     -,        true,      NO_DIFFERENCE
            # The bill that charged it too may have been withdrawn.
            DUPLICATE_LINE,        CHARGED 80 CNY,      false, NO_LINE,      -,        false,     -
            DUPLICATE_LINE,        CHARGED 80 CNY,      true,  A_CHARGE,     -,        false,     -
            DUPLICATE_LINE,        CHARGED 80 CNY,      true,  A_LINE,       -,        false,     NO_DIFFERENCE
            DUPLICATE_LINE,        CHARGED 80 CNY,      true,  NO_LINE,      80,       false,     NO_DIFFERENCE
            # No line of no fee is the first one of it.
            DUPLICATE_LINE,        -,                   false, NO_LINE,      -,        false,     -
            AMOUNT_DIFFERS,        CHARGED 80 CNY,      true,  NO_LINE,      10,       false,     ACCEPTED_BEFORE
            MISSING_IN_LEDGER,     -,                   false, NO_LINE,      0,        false,     ACCEPTED_BEFORE
            AMOUNT_DIFFERS,        PRE_DEDUCTED 80 CNY, true,  NO_LINE,      10,       true,      ACCEPTED_BEFORE
            # One correction for a fee, over all bills.
            MISSING_IN_STATEMENT,  CHARGED 80 CNY,      true,  NO_LINE,      -,        true,      FEE_ACCEPTED_ELSEWHERE
            AMOUNT_DIFFERS,        CHARGED 80 CNY,      true,  NO_LINE,      -,        true,      FEE_ACCEPTED_ELSEWHERE
            STATUS_DIFFERS,        PRE_DEDUCTED 80 CNY, true,  NO_LINE,      -,        true,      FEE_ACCEPTED_ELSEWHERE
            MISSING_IN_STATEMENT,  CHARGED 80 CNY,      true,  A_LINE,       -,        true,      -
            MISSING_IN_STATEMENT,  REFUNDED 80 CNY,     true,  NO_LINE,      -,        true,      -
            DUPLICATE_LINE,        CHARGED 80 CNY,      false, NO_LINE,      -,        true,      -
            # Its end would come on top.
            AMOUNT_DIFFERS,        PRE_DEDUCTED 80 CNY, true,  NO_LINE,      -,        false,     FEE_OPEN
            STATUS_DIFFERS,        UNCONFIRMED 80 CNY,  true,  NO_LINE,      -,        false,     FEE_OPEN
            MISSING_IN_STATEMENT,  PRE_DEDUCTED 80 CNY, true,  A_LINE,       -,        false,     FEE_OPEN
            MISSING_IN_STATEMENT,  -,                   true,  NO_LINE,      -,        false,     FEE_OPEN
            DUPLICATE_LINE,        PRE_DEDUCTED 80 CNY, false, NO_LINE,      -,        false,     -
            AMOUNT_DIFFERS,        PRE_DEDUCTED 80 USD, true,  NO_LINE,      -,        false,     FEE_OPEN
            AMOUNT_DIFFERS,        CHARGED 80 USD,      true,  NO_LINE,      -,        false,     CURRENCIES_DIFFER
            MISSING_IN_STATEMENT,  CHARGED 80 USD,      true,  NO_LINE,      -,        false,     CURRENCIES_DIFFER
            DUPLICATE_LINE,        CHARGED 80 USD,      false, NO_LINE,      -,        false,     -
            """)
    void a_difference_is_refused_while_something_stands_in_its_way(
            MatchKind kind,
            String books,
            boolean isFirstLine,
            Elsewhere elsewhere,
            Long accepted,
            boolean isCorrectedElsewhere,
            Refusal refusal) {
        Difference difference =
                difference(kind, books, "CHARGED 90", elsewhere, isFirstLine, accepted, isCorrectedElsewhere);

        assertThat(difference.refusal()).isEqualTo(Optional.ofNullable(refusal));
    }

    @ParameterizedTest(name = "{0} of {1}, {2} on another bill, proposed with {3}: {4}")
    @CsvSource(nullValues = NOTHING, textBlock = """
            # kind,                books,          another bill, proposed, refusal
            AMOUNT_DIFFERS,        CHARGED 80 CNY, NO_LINE,      10,       -
            MISSING_IN_STATEMENT,  CHARGED 80 CNY, NO_LINE,      -80,      -
            MISSING_IN_STATEMENT,  CHARGED 80 CNY, A_LINE,       -80,      ADDS_OTHERWISE
            DUPLICATE_LINE,        CHARGED 80 CNY, A_CHARGE,     90,       -
            DUPLICATE_LINE,        CHARGED 80 CNY, NO_LINE,      90,       NO_DIFFERENCE
            """)
    void a_proposal_is_confirmed_while_it_adds_what_it_did(
            MatchKind kind, String books, Elsewhere elsewhere, Long proposed, Refusal refusal) {
        Difference difference = difference(kind, books, "CHARGED 90", elsewhere, true, proposed, false);

        assertThat(difference.refusalOfConfirmation()).isEqualTo(Optional.ofNullable(refusal));
    }

    /** @param books the status of the fee, its amount and its currency @param bill the status of the line and its amount */
    private static Difference difference(
            MatchKind kind,
            String books,
            String bill,
            Elsewhere elsewhere,
            boolean isFirstLine,
            Long accepted,
            boolean isCorrectedElsewhere) {
        Optional<String[]> fee = words(books);
        Optional<String[]> line = words(bill);
        return new Difference(
                new UUID(0, 1),
                kind,
                fee.map(of -> new OurFee(of[0], Long.parseLong(of[1]), of[2])),
                line.map(of -> StatedStatus.valueOf(of[0])),
                line.map(of -> Long.parseLong(of[1])),
                Optional.empty(),
                "CNY",
                isFirstLine,
                elsewhere,
                Optional.ofNullable(accepted),
                false,
                isCorrectedElsewhere);
    }

    /** Each row: what the bill and the lines say, and what an acceptance waives of it; nothing is known of a line without an amount. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "UNREADABLE_LINE, 980, -, 980",
                "UNREADABLE_LINE, -, -, -",
                "CONTROL_TOTAL_DIFFERS, 980, 80, 900",
                "CONTROL_TOTAL_DIFFERS, 80, 980, 900",
                "CONTROL_TOTAL_DIFFERS, -, -, 0",
                "MISSING_IN_LEDGER, 980, -, 0",
                "AMOUNT_DIFFERS, 980, -, 0",
                "MISSING_IN_STATEMENT, -, -, 0"
            })
    void what_the_bill_says_and_acceptance_does_not_pay_is_waived(
            MatchKind kind, Long theirs, Long counted, Long waives) {
        Difference difference = new Difference(
                new UUID(0, 1),
                kind,
                Optional.empty(),
                Optional.empty(),
                Optional.ofNullable(theirs),
                Optional.ofNullable(counted),
                "CNY",
                false,
                Elsewhere.NO_LINE,
                Optional.empty(),
                false,
                false);

        assertThat(difference.waives()).isEqualTo(Optional.ofNullable(waives));
    }

    private static Optional<String[]> words(String text) {
        return Optional.ofNullable(text)
                .filter(given -> !given.startsWith(NOTHING))
                .map(given -> given.split(" "));
    }
}
