package io.liveness.gateway.bill;

import io.liveness.gateway.bill.StatementView.ImportStatus;
import io.liveness.gateway.books.Money;
import io.liveness.gateway.books.audit.Audit;
import io.liveness.gateway.books.audit.AuditedAct;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Actor;
import jakarta.inject.Singleton;
import jakarta.validation.constraints.Pattern;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * States the invoice of a statement after its import. The import's total stays: the lines were compared with it. Once a month of the
 * statement is closed, its archive has the invoice, and only the payment may still be stated.
 */
@Singleton
class StateInvoice {

    private static final Logger LOG = Logger.getLogger(StateInvoice.class);
    private static final int LONGEST_NUMBER = 64;

    private static final String SET = """
            insert into statement_invoice as i (statement_id, number, dated, total, tax, tax_rate, paid_on, set_by, set_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, liveness_now())
            on conflict (statement_id) do update
            set number = excluded.number, dated = excluded.dated, total = excluded.total, tax = excluded.tax,
                tax_rate = excluded.tax_rate, paid_on = excluded.paid_on, set_by = excluded.set_by, set_at = excluded.set_at
            where (i.number, i.dated, i.total, i.tax, i.tax_rate, i.paid_on) is distinct from
                  (excluded.number, excluded.dated, excluded.total, excluded.tax, excluded.tax_rate, excluded.paid_on)
            """;

    private final StoreStatements statements;

    StateInvoice(StoreStatements statements) {
        this.statements = statements;
    }

    /** All that is stated of an invoice, as it was written: what is null is stated no longer. */
    record Stated(
            String number,
            String date,

            @Pattern(regexp = Invoice.AMOUNT, message = Invoice.NO_AMOUNT)
            String total,

            @Pattern(regexp = Invoice.AMOUNT, message = Invoice.NO_AMOUNT)
            String tax,

            @Pattern(
                    regexp = "[0-9]{1,2}(\\.[0-9]{1,2})?",
                    message = "must be a percentage such as 6 or 1.5, below 100")
            String taxRate,

            String paidOn) {

        private static Optional<Long> units(String name, String given, String currency) {
            return Parameters.optional(name, given, (field, text) -> Invoice.amount(field, text, currency))
                    .map(Money::units);
        }
    }

    /**
     * Replaces what was stated before, and records what changes on the audit list. What changes nothing is not recorded.
     *
     * @throws ProblemException when the statement never counted or is under way, its import states another total, or its month is closed
     */
    StatementView state(UUID id, Stated stated, Actor by) {
        Optional<String> number = Parameters.optionalText("number", stated.number, LONGEST_NUMBER);
        Optional<LocalDate> date = Parameters.optional("date", stated.date, Parameters::day);
        Optional<LocalDate> paidOn = Parameters.optional(Invoice.PAID_ON, stated.paidOn, Parameters::day);
        return statements.whileNoneIsMatched(connection -> {
            String currency = Sql.first(
                            connection,
                            "select currency from statement where id = ? for no key update",
                            row -> row.getString("currency"),
                            id)
                    .orElseThrow(ProblemException::notFound);
            StatementView before = onceDone(StoreStatements.byId(connection, id).orElseThrow());
            Optional<Long> tax = Stated.units("tax", stated.tax, currency);
            Optional<BigDecimal> rate = Optional.ofNullable(stated.taxRate).map(BigDecimal::new);
            Sql.execute(
                    connection,
                    SET,
                    id,
                    number,
                    date,
                    totalBeside(before, stated, currency),
                    tax,
                    rate,
                    paidOn,
                    by.name());
            StatementView after = StoreStatements.byId(connection, id).orElseThrow();
            Map<String, String> changes = changes(texts(before), texts(after));
            if (!changes.isEmpty()) {
                requireOpenUnlessPaid(connection, id, changes.keySet());
                Audit.record(connection, AuditedAct.STATEMENT_INVOICE_SET, by, id.toString(), changes);
                LOG.infof("statement.invoice-set id=%s by=%s", id, by.name());
            }
            return after;
        });
    }

    private static StatementView onceDone(StatementView statement) {
        ImportStatus status = statement.status();
        if (status == ImportStatus.READING || status == ImportStatus.MATCHING) {
            throw StatementProblem.underWay(
                    "The statement is being read and matched; state its invoice after Retry-After seconds.");
        }
        if (statement.dryRun() || status == ImportStatus.FAILED) {
            throw ProblemException.notFound();
        }
        return statement;
    }

    /** The total to store: none where the import states it. */
    private static Optional<Long> totalBeside(StatementView statement, Stated stated, String currency) {
        Optional<Long> total = Stated.units("total", stated.total, currency);
        Optional<Long> ofImport = statement.statedTotal();
        if (ofImport.isEmpty()) {
            return total;
        }
        if (total.isPresent() && !total.equals(ofImport)) {
            throw ProblemException.invalid(
                    "total",
                    "imported-otherwise",
                    "differs from the invoiceTotal of the import: withdraw the statement, then import its file again with the right one");
        }
        return Optional.empty();
    }

    private static Map<String, String> texts(StatementView statement) {
        return statement.invoice() == null ? Map.of() : statement.invoice().texts();
    }

    /** What is stated now by its name, and what was before by its name with {@code Before}. */
    private static Map<String, String> changes(Map<String, String> before, Map<String, String> after) {
        Map<String, String> changes = new LinkedHashMap<>();
        after.forEach((name, text) -> {
            if (!text.equals(before.get(name))) {
                changes.put(name, text);
            }
        });
        before.forEach((name, text) -> {
            if (!text.equals(after.get(name))) {
                changes.put(name + "Before", text);
            }
        });
        return changes;
    }

    /** @param changed the names of {@link #changes} */
    private static void requireOpenUnlessPaid(Connection connection, UUID id, Set<String> changed) throws SQLException {
        if (changed.stream().allMatch(name -> name.startsWith(Invoice.PAID_ON))) {
            return;
        }
        Optional<String> closed = Sql.first(connection, """
                select closed_month_of(least(ends, books_closed_until()) - interval '1 microsecond') as month
                from statement where id = ? and begins < books_closed_until()
                """, row -> row.getString("month"), id);
        if (closed.isPresent()) {
            throw new ProblemException(
                    ProblemCode.PERIOD_CLOSED,
                    closed.get()
                            + " is closed, and its archive has the invoice of this statement: only paidOn may change.");
        }
    }
}
