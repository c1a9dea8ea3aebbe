package io.liveness.gateway.finance.month;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.liveness.gateway.books.Month;
import io.liveness.gateway.finance.Sums;
import io.liveness.gateway.finance.month.Checklist.Finding;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.security.Person;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;

/**
 * A month of the books, as it is stored and as the API tells it. What is not known is null and left out.
 *
 * @param softClosedBy the caller, or a person
 * @param totals stored by the close, one for each currency
 * @param rows lines of the proof
 * @param hash SHA-256 of the proof, in hexadecimal digits
 * @param archiveHash that of its file for the archive
 * @param checklist reasons against closing it, when they were looked for
 * @param findings with which two people have closed it, or would
 * @param proposal of the first of them
 * @param warnings that it was closed with, or would be
 * @param differencesSince what came up after its close and is to be worked
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Period(
        @JsonUnwrapped Month month,
        Instant softClosedAt,
        String softClosedBy,
        Instant closedAt,
        String closedBy,
        List<Sums.View> totals,
        Long rows,
        String hash,
        String archiveHash,
        List<Finding> checklist,
        List<Finding> findings,
        CloseProposal proposal,
        List<Finding> warnings,
        Long differencesSince) {

    /**
     * A close that a person proposes in spite of findings; another person closes the month then.
     *
     * @param by the caller, or a person
     * @param person that did
     * @param findings in spite of which; the close is of these and no others
     */
    record CloseProposal(Instant at, String by, Person person, String reason, List<Finding> findings) {

        private static CloseProposal of(ResultSet row) throws SQLException {
            return row.getString("proposed_by") == null
                    ? null
                    : new CloseProposal(
                            Sql.time(row, "proposed_at"),
                            row.getString("proposed_by"),
                            Person.of(row.getString("proposed_person")).orElseThrow(),
                            row.getString("proposed_reason"),
                            list(row.getString("findings"), Finding.class));
        }
    }

    /** Where a month stands, in the order in which it goes on. */
    enum PeriodStatus {
        OPEN,
        SOFT_CLOSED,
        CLOSED
    }

    static Period open(Month month) {
        return new Period(month, null, null, null, null, null, null, null, null, null, null, null, null, null);
    }

    /** Reads a row of {@code period}. */
    static Period of(ResultSet row) throws SQLException {
        return new Period(
                new Month(YearMonth.parse(row.getString("month")), Sql.time(row, "from_at"), Sql.time(row, "to_at")),
                Sql.time(row, "soft_closed_at"),
                row.getString("soft_closed_by"),
                Sql.time(row, "closed_at"),
                row.getString("closed_by"),
                list(row.getString("sums"), Sums.View.class),
                row.getObject("proof_rows", Long.class),
                row.getString("proof_sha256"),
                row.getString("archive_sha256"),
                null,
                row.getString("closed_by") == null ? null : orNull(list(row.getString("findings"), Finding.class)),
                CloseProposal.of(row),
                orNull(list(row.getString("warnings"), Finding.class)),
                row.getLong("differences") == 0 ? null : row.getLong("differences"));
    }

    private static <T> List<T> list(String json, Class<T> type) {
        return json == null
                ? null
                : new JsonArray(json)
                        .stream().map(one -> ((JsonObject) one).mapTo(type)).toList();
    }

    /** An empty list is left out. */
    static <T> List<T> orNull(List<T> list) {
        return list.isEmpty() ? null : list;
    }

    /** With what is not in order now; a closed month stays as it is. */
    Period with(Checklist now) {
        return status() == PeriodStatus.CLOSED
                ? this
                : new Period(
                        month,
                        softClosedAt,
                        softClosedBy,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        now.reasons(),
                        orNull(now.findings()),
                        proposal,
                        orNull(now.warnings()),
                        null);
    }

    @JsonProperty
    PeriodStatus status() {
        if (closedAt != null) {
            return PeriodStatus.CLOSED;
        }
        return softClosedAt == null ? PeriodStatus.OPEN : PeriodStatus.SOFT_CLOSED;
    }
}
