package io.liveness.gateway.finance.month;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.finance.month.MonthFindings.Lacking;
import io.liveness.gateway.finance.month.Reconciliation.Bill;
import io.liveness.gateway.finance.month.Reconciliation.Sums;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MonthFindingsTest {

    /** Each row: the bills of a month, their charges and invoices, our difference, fees without a result and those that no bill covers. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // bills, bill, invoice, difference, never, uncovered, findings
                "0, 0.00, -, 8.00, 10, 10, ''",
                "1, 8.00, 8.00, 0.00, 0, 0, ''",
                "1, 8.00, 8.00, 0.00, 3, 3, ''",
                "1, 8.00, 8.00, 0.00, 3, 1, never-compared",
                "1, 8.00, 8.00, -0.0001, 0, 0, not-reconciled",
                "1, 8.00, 8.00, 0.80, 1, 0, 'not-reconciled, never-compared'",
                "1, 8.00, -, 0.00, 0, 0, not-invoiced",
                "1, 8.00, 8.01, 0.00, 0, 0, not-invoiced",
                "1, 2.415, 2.42, 0.00, 0, 0, ''",
                "1, 2.415, 2.41, 0.00, 0, 0, not-invoiced",
                "1, 2.414, 2.42, 0.00, 0, 0, not-invoiced",
                "2, 4.83, 4.84, 0.00, 0, 0, ''",
                "2, 4.83, 4.85, 0.00, 0, 0, not-invoiced",
                "1, 0.00, 0.00, 0.00, 0, 0, ''",
                "1, 0.00, -, 0.00, 0, 0, not-invoiced"
            })
    void what_a_month_with_these_sides_is_found_to_lack(
            int bills, String bill, String invoice, String difference, long never, long uncovered, String findings) {
        Sums none = sums("NO_RESULT", never, "0.00", "0.00", null);
        Sums total = sums(null, never, bill, difference, invoice);
        Bill one = new Bill(null, null, null, null, "CNY", 1, bill, invoice);
        Reconciliation.View sides = new Reconciliation.View(
                "2026-10", Period.PeriodStatus.OPEN, List.of(none), List.of(total), Collections.nCopies(bills, one));

        assertThat(MonthFindings.judge(sides, new Lacking(uncovered, 0, 0, "")))
                .extracting(Checklist.Finding::code)
                .containsExactly(findings.isEmpty() ? new String[0] : findings.split(", "));
    }

    @Test
    void what_bills_lack_is_found_without_any_that_counts() {
        Reconciliation.View sides =
                new Reconciliation.View("2026-10", Period.PeriodStatus.OPEN, List.of(), List.of(), List.of());

        assertThat(MonthFindings.judge(sides, new Lacking(0, 2, 1, "one")))
                .extracting(finding -> finding.code() + " " + finding.count())
                .containsExactly("final-line-missing 2", "bill-withdrawn 1");
    }

    @Test
    void a_difference_in_one_currency_is_not_made_up_for_by_another_one() {
        Sums yuan = sums(null, 1, "8.00", "0.80", "8.00");
        Sums dollars = new Sums("USD", null, 1, "0.00", "0.00", "0.00", 1, "1.00", "-0.80", "0.00", "1.00");
        Bill one = new Bill(null, null, null, null, "CNY", 1, "8.00", "8.00");
        Reconciliation.View sides = new Reconciliation.View(
                "2026-10", Period.PeriodStatus.OPEN, List.of(), List.of(yuan, dollars), List.of(one));

        assertThat(MonthFindings.judge(sides, new Lacking(0, 0, 0, "")))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.count()).isEqualTo(2);
                    assertThat(finding.parameters()).containsEntry("differences", "CNY 0.80, USD -0.80");
                });
    }

    private static Sums sums(String result, long fees, String bill, String difference, String invoice) {
        return new Sums("CNY", result, fees, "0.00", "0.00", "0.00", 0, bill, difference, "0.00", invoice);
    }
}
