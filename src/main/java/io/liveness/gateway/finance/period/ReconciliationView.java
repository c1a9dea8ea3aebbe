package io.liveness.gateway.finance.period;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.billing.Money;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A reconciliation in the API. */
@RegisterForReflection(registerFullHierarchy = true) // no operation has it as its type
@Schema(name = "Reconciliation", description = "Our charges of a month and their corrections beside its bills.")
record ReconciliationView(
        @Schema(required = true, description = "The month.", pattern = "^[0-9]{4}-[0-9]{2}$", examples = "2026-10")
        String month,

        @Schema(required = true) Period.Status status,

        @Schema(required = true, description = "For each kind of result and currency. They add up to `totals`.")
        List<Sums> results,

        @Schema(required = true, description = "For each currency.")
        List<Sums> totals,

        @Schema(required = true, description = "The statements in effect that reach into the month, by their begin.")
        List<Bill> statements) {

    private static final String AMOUNT = "^-?[0-9]+(\\.[0-9]+)?$";

    /** Both sides of a kind of result, or in total. */
    @Schema(
            name = "ReconciliationSums",
            description =
                    "difference = charges + corrections + correctedLater - bill. Amounts are decimal numbers in the"
                            + " currency's main unit.")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Sums(
            @Schema(required = true, description = "ISO 4217.", pattern = "^[A-Z]{3}$", examples = "CNY")
            String currency,

            @Schema(
                    description =
                            "The kind of result (`MatchKind`) of fees and lines; NO_RESULT for fees and corrections without one. Absent in"
                                    + " totals.",
                    examples = "MATCHED")
            String result,

            @Schema(required = true, description = "Fees of the month, also those that came back.", minimum = "0")
            long fees,

            @Schema(required = true, description = "What we charged of them.", pattern = AMOUNT, examples = "0.80")
            String charges,

            @Schema(
                    required = true,
                    description = "Corrections of the month that count in it.",
                    pattern = AMOUNT,
                    examples = "0.00")
            String corrections,

            @Schema(
                    required = true,
                    description = "Corrections of the month that count in later months, because it was closed.",
                    pattern = AMOUNT,
                    examples = "0.00")
            String correctedLater,

            @Schema(required = true, description = "Lines of the month.", minimum = "0")
            long lines,

            @Schema(
                    required = true,
                    description = "What the bills charge by them.",
                    pattern = AMOUNT,
                    examples = "0.80")
            String bill,

            @Schema(required = true, description = "0 when both sides agree.", pattern = AMOUNT, examples = "0.00")
            String difference,

            @Schema(
                    required = true,
                    description =
                            "Corrections that count in the month and are of earlier, closed months; in no other figure.",
                    pattern = AMOUNT,
                    examples = "0.00")
            String correctionsOfOtherMonths,

            @Schema(
                    description =
                            "The sum of the invoices, each of which is rounded to the minor unit, as it is paid. Only in totals, and only"
                                    + " when each statement lies in the month and has one.",
                    pattern = AMOUNT,
                    examples = "0.80")
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
    @Schema(name = "ReconciliationStatement", description = "A statement in effect that reaches into the month.")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Bill(
            @Schema(required = true, description = "Its id.")
            UUID id,

            @Schema(description = "The name of the file.") String fileName,

            @Schema(required = true, description = "When its period begins.")
            Instant from,

            @Schema(required = true, description = "When its period ends.")
            Instant to,

            @Schema(required = true, description = "ISO 4217.", pattern = "^[A-Z]{3}$", examples = "CNY")
            String currency,

            @Schema(required = true, description = "All its lines.", minimum = "0")
            long lines,

            @Schema(required = true, description = "What all its lines charge.", pattern = AMOUNT, examples = "0.80")
            String charged,

            @Schema(description = "The total of its invoice.", pattern = AMOUNT, examples = "0.80")
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
