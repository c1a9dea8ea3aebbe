package io.liveness.gateway.finance.month;

import io.liveness.gateway.finance.month.Checklist.Finding;
import io.liveness.gateway.platform.postgres.Sql;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What says that a month's books and the vendor's bills are not one. Two people close a month in spite of it, and say why. A month without
 * any bill has none but a withdrawn one: nothing was compared, which a warning tells.
 */
final class MonthFindings {

    /**
     * Charged fees of the month of which the bills that count have the pre-deduction alone; and withdrawn bills of the month whose file counts
     * no more, whoever imported another one. All results of a bill are one range of ids.
     */
    private static final String BILLED = """
            with month as (
                select ?::timestamptz as from_at, ?::timestamptz as to_at
            ), counting as (
                select b.id, left(replace(b.id::text, '-', ''), 22) as ids
                from vendor_bill b, month
                where b.in_effect and b.begins < month.to_at + interval '1 day' and b.ends > month.from_at - interval '1 day'
            ), withdrawn as (
                select b.id
                from vendor_bill b, month
                where b.status = 'WITHDRAWN' and not b.dry_run and b.counts <> '{}' and b.begins < month.to_at and b.ends > month.from_at
                  and not exists (select from vendor_bill t where t.in_effect and t.sha256 = b.sha256)
            )
            select (select count(distinct m.session_id)
                    from month cross join counting b
                    join bill_result m on m.statement_id = b.id
                        and m.id between (b.ids || '0000000000')::uuid and (b.ids || 'ffffffffff')::uuid
                    join ledger e on e.session_id = m.session_id and e.kind = 'CHARGE'
                    where m.theirs_status = 'PRE_DEDUCTED' and line_has_fee(m.kind) and m.ours_at >= month.from_at and m.ours_at < month.to_at
                      and not exists (
                          select from bill_result x join vendor_bill t on t.id = x.statement_id and t.in_effect
                          where x.session_id = m.session_id and x.theirs_status <> 'PRE_DEDUCTED' and line_has_fee(x.kind))) as final_missing,
                   (select count(*) from withdrawn) as withdrawn,
                   (select string_agg(id::text, ', ' order by id) from withdrawn) as withdrawn_statements
            """;

    /**
     * What the bills of a month lack.
     *
     * @param uncovered fees that no bill covers: other findings tell of them
     * @param finalMissing charged fees of which the bills have the pre-deduction alone
     * @param withdrawn statements, by their ids
     */
    record Lacking(long uncovered, long finalMissing, long withdrawn, String withdrawnStatements) {}

    private MonthFindings() {}

    static List<Finding> of(Connection connection, Period period, long uncovered) throws SQLException {
        Lacking lacking = Sql.first(
                        connection,
                        BILLED,
                        row -> new Lacking(
                                uncovered,
                                row.getLong("final_missing"),
                                row.getLong("withdrawn"),
                                String.valueOf(row.getString("withdrawn_statements"))),
                        period.month().from(),
                        period.month().to())
                .orElseThrow();
        return judge(new Reconciliation(period.month()).view(connection, period.status()), lacking);
    }

    /** The judgement of both sides; it neither reads nor writes. */
    static List<Finding> judge(Reconciliation.View sides, Lacking lacking) {
        List<Finding> ofSides = sides.statements().isEmpty()
                ? List.of()
                : Checklist.found(notReconciled(sides), notInvoiced(sides), neverCompared(sides, lacking.uncovered()));
        List<Finding> ofBills = Checklist.found(
                new Finding(
                        "final-line-missing",
                        lacking.finalMissing(),
                        lacking.finalMissing()
                                + " charged fees are on the bills as pre-deducted alone: ask the vendor for the bill that has them as"
                                + " charged."),
                new Finding(
                        "bill-withdrawn",
                        lacking.withdrawn(),
                        lacking.withdrawn()
                                + " bills of the month were withdrawn, and their files do not count: import them"
                                + " again if they are the vendor's.",
                        Map.of("statements", lacking.withdrawnStatements())));
        return Stream.concat(ofSides.stream(), ofBills.stream()).toList();
    }

    private static Finding notReconciled(Reconciliation.View sides) {
        List<Reconciliation.Sums> differing = sides.totals().stream()
                .filter(sum -> new BigDecimal(sum.difference()).signum() != 0)
                .toList();
        String differences = differing.stream()
                .map(sum -> sum.currency() + " " + sum.difference())
                .collect(Collectors.joining(", "));
        return new Finding(
                "not-reconciled",
                differing.size(),
                "Our charges with their corrections differ from the bills by " + differences
                        + ": the reconciliation shows where.",
                Map.of("differences", differences));
    }

    private static Finding notInvoiced(Reconciliation.View sides) {
        List<String> differing = sides.totals().stream()
                .filter(sum -> billsIn(sum.currency(), sides) > 0 || new BigDecimal(sum.bill()).signum() != 0)
                .filter(sum -> !isInvoice(sum, billsIn(sum.currency(), sides)))
                .map(sum -> sum.currency() + " "
                        + Optional.ofNullable(sum.invoice())
                                .map(invoice -> new BigDecimal(sum.bill()).subtract(new BigDecimal(invoice)))
                                .map(BigDecimal::toPlainString)
                                .orElse(sum.bill()))
                .toList();
        String differences = String.join(", ", differing);
        return new Finding(
                "not-invoiced",
                differing.size(),
                "The charges of the bills are not the invoices, by " + differences
                        + ": each bill of the month wants its invoiceTotal, and a period within the month.",
                Map.of("differences", differences));
    }

    private static long billsIn(String currency, Reconciliation.View sides) {
        return sides.statements().stream()
                .filter(bill -> bill.currency().equals(currency))
                .count();
    }

    /** Each invoice may have rounded the sum of its bill half up to the minor unit. */
    private static boolean isInvoice(Reconciliation.Sums sum, long bills) {
        if (sum.invoice() == null) {
            return false;
        }
        int digits = Currency.getInstance(sum.currency()).getDefaultFractionDigits();
        BigDecimal half = BigDecimal.ONE.movePointLeft(digits).divide(BigDecimal.valueOf(2));
        BigDecimal bill = new BigDecimal(sum.bill());
        BigDecimal invoice = new BigDecimal(sum.invoice());
        return bill.compareTo(invoice) == 0
                || bills == 1 && bill.setScale(digits, RoundingMode.HALF_UP).compareTo(invoice) == 0
                || bills > 1 && bill.subtract(invoice).abs().compareTo(half.multiply(BigDecimal.valueOf(bills))) <= 0;
    }

    private static Finding neverCompared(Reconciliation.View sides, long uncovered) {
        long fees = sides.results().stream()
                        .filter(sum -> Reconciliation.NO_RESULT.equals(sum.result()))
                        .mapToLong(Reconciliation.Sums::fees)
                        .sum()
                - uncovered;
        return new Finding(
                "never-compared",
                Math.max(0, fees),
                fees
                        + " fees lie in the period of a bill, and none was compared with them: they came after its import. Import"
                        + " it again.");
    }
}
