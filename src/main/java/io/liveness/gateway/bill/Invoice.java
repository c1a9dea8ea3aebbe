package io.liveness.gateway.bill;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.books.AmountView;
import io.liveness.gateway.books.Money;
import io.liveness.gateway.platform.problem.ProblemException;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The invoice of a statement, as the API tells it. What nobody has stated is null.
 *
 * @param total as the import states it, or else as it was stated later
 * @param taxRate in percent
 * @param setBy who stated something after the import
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Invoice(
        String number,
        LocalDate date,
        AmountView total,
        AmountView tax,
        String taxRate,
        LocalDate paidOn,
        String setBy,
        Instant setAt) {

    /** What may still be stated of a closed month. */
    static final String PAID_ON = "paidOn";

    /** The form of an amount, as a regular expression. */
    public static final String AMOUNT = "[0-9]{1,12}(\\.[0-9]{1,4})?";

    public static final String NO_AMOUNT =
            "must be a decimal number such as 1000.00, of at most 12 digits before the point";

    /** An amount of an invoice, which can be paid as it is. @param field what of the request it is */
    public static Money amount(String field, String given, String currency) {
        if (!given.matches(AMOUNT)) {
            throw ProblemException.invalid(field, NO_AMOUNT);
        }
        try {
            Money money = Money.parse(given, currency);
            if (money.isPayable()) {
                return money;
            }
        } catch (IllegalArgumentException finer) {
            // Refused as what cannot be paid.
        }
        throw ProblemException.invalid(
                field, "must have no more decimals than the minor unit of the mapping's currency");
    }

    /**
     * Reads what is stored of an invoice.
     *
     * @param ofImport its total, as the import states it
     * @param set the row of {@code statement_invoice} as JSON; null without one
     */
    static Optional<Invoice> of(Optional<Long> ofImport, String currency, String set) {
        if (ofImport.isEmpty() && set == null) {
            return Optional.empty();
        }
        JsonObject row = set == null ? new JsonObject() : new JsonObject(set);
        return Optional.of(new Invoice(
                row.getString("number"),
                day(row.getString("dated")),
                amount(ofImport.orElse(row.getLong("total")), currency),
                amount(row.getLong("tax"), currency),
                rate(row.getValue("tax_rate")),
                day(row.getString("paid_on")),
                row.getString("set_by"),
                set == null
                        ? null
                        : OffsetDateTime.parse(row.getString("set_at")).toInstant()));
    }

    private static LocalDate day(String stored) {
        return stored == null ? null : LocalDate.parse(stored);
    }

    private static AmountView amount(Long units, String currency) {
        return units == null ? null : AmountView.of(new Money(units, currency));
    }

    private static String rate(Object percent) {
        return percent == null
                ? null
                : new BigDecimal(percent.toString()).stripTrailingZeros().toPlainString();
    }

    /** What is stated in it, by the names of the API. */
    Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        put(texts, "number", number);
        put(texts, "date", date);
        put(texts, "total", total == null ? null : total.value());
        put(texts, "tax", tax == null ? null : tax.value());
        put(texts, "taxRate", taxRate);
        put(texts, PAID_ON, paidOn);
        return texts;
    }

    private static void put(Map<String, String> texts, String name, Object value) {
        if (value != null) {
            texts.put(name, value.toString());
        }
    }
}
