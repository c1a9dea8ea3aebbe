package io.liveness.gateway.finance.period;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.billing.Money;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** A reconciliation in the API. */
@RegisterForReflection(registerFullHierarchy = true) // no operation has it as its type
record ReconciliationView(
        String month, Period.Status status, List<Sums> results, List<Sums> totals, List<Bill> statements) {

    /** Both sides of a kind of result, or in total. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Sums(
            String currency,
            String result,
            long fees,
            String charges,
            String corrections,
            String correctedLater,
            long lines,
            String bill,
            String difference,
            String correctionsOfOtherMonths,
            String invoice) {

        private static Sums of(Reconciliation.Row row) {
            return new Sums(
                    row.currency(),
                    row.result().equals(Reconciliation.TOTAL) ? null : row.result(),
                    row.fees(),
                    row.charges().decimal(),
                    row.corrections().decimal(),
                    row.correctedLater().decimal(),
                    row.lines(),
                    row.bill().decimal(),
                    row.difference().decimal(),
                    row.ofOthers().decimal(),
                    decimal(row.invoice()));
        }
    }

    /** A bill. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Bill(
            UUID id,
            String fileName,
            Instant from,
            Instant to,
            String currency,
            long lines,
            String charged,
            String invoice) {

        private static Bill of(Reconciliation.Row row) {
            return new Bill(
                    row.statement(),
                    row.fileName(),
                    row.from(),
                    row.to(),
                    row.currency(),
                    row.lines(),
                    row.bill().decimal(),
                    decimal(row.invoice()));
        }
    }

    static ReconciliationView of(Period period, List<Reconciliation.Row> rows) {
        return new ReconciliationView(
                period.month().name().toString(),
                period.status(),
                rows.stream()
                        .filter(row -> !row.result().equals(Reconciliation.TOTAL)
                                && !row.result().equals(Reconciliation.STATEMENT))
                        .map(Sums::of)
                        .toList(),
                rows.stream()
                        .filter(row -> row.result().equals(Reconciliation.TOTAL))
                        .map(Sums::of)
                        .toList(),
                rows.stream()
                        .filter(row -> row.result().equals(Reconciliation.STATEMENT))
                        .map(Bill::of)
                        .toList());
    }

    private static String decimal(Money money) {
        return money == null ? null : money.decimal();
    }
}
