package io.liveness.gateway.finance.period;

import io.liveness.gateway.finance.Month;
import io.liveness.gateway.finance.Sums;
import io.liveness.gateway.finance.Sums.Figure;
import io.liveness.gateway.finance.Sums.Standing;
import io.liveness.gateway.finance.period.ClosingCheck.Finding;
import io.liveness.gateway.platform.postgres.Sql;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A month of the books. */
record Period(Month month, Optional<Act> softClosed, Optional<Closing> closed) {

    /** Where a month stands. */
    enum Status {
        OPEN,
        SOFT_CLOSED,
        CLOSED
    }

    /** @param by the caller, or a person */
    record Act(Instant at, String by) {}

    /**
     * What closing stored.
     *
     * @param rows lines of the proof
     * @param sha256 of the proof, in hexadecimal digits
     * @param sums by currency
     * @param warnings that it was closed with
     * @param archiveSha256 of its file for the archive
     */
    record Closing(
            Act act,
            long rows,
            String sha256,
            SortedMap<String, Sums> sums,
            List<Finding> warnings,
            Optional<String> archiveSha256) {

        private static Closing of(Act act, ResultSet row) throws SQLException {
            return new Closing(
                    act,
                    row.getLong("proof_rows"),
                    row.getString("proof_sha256"),
                    sums(new JsonArray(row.getString("sums"))),
                    warnings(new JsonArray(row.getString("warnings"))),
                    Optional.ofNullable(row.getString("archive_sha256")));
        }

        private static SortedMap<String, Sums> sums(JsonArray figures) {
            SortedMap<String, Sums> sums = new TreeMap<>();
            for (int at = 0; at < figures.size(); at++) {
                JsonObject figure = figures.getJsonObject(at);
                sums.computeIfAbsent(figure.getString("currency"), any -> new Sums())
                        .add(
                                Standing.valueOf(figure.getString("standing")),
                                new Figure(figure.getLong("count"), figure.getLong("amount")));
            }
            return sums;
        }

        /** As they are stored: a figure each for a currency and where its fees stand, in the units of {@code Money}. */
        static JsonArray json(SortedMap<String, Sums> sums) {
            JsonArray figures = new JsonArray();
            sums.forEach((currency, sum) -> sum.figures()
                    .forEach((standing, figure) -> figures.add(new JsonObject()
                            .put("currency", currency)
                            .put("standing", standing.name())
                            .put("count", figure.count())
                            .put("amount", figure.amount()))));
            return figures;
        }

        private static List<Finding> warnings(JsonArray stored) {
            return stored.stream()
                    .map(JsonObject.class::cast)
                    .map(one -> Finding.warning(one.getString("code"), one.getLong("count"), one.getString("detail")))
                    .toList();
        }

        static JsonArray json(List<Finding> warnings) {
            JsonArray stored = new JsonArray();
            warnings.forEach(one -> stored.add(new JsonObject()
                    .put("code", one.code())
                    .put("count", one.count())
                    .put("detail", one.detail())));
            return stored;
        }
    }

    static Period open(Month month) {
        return new Period(month, Optional.empty(), Optional.empty());
    }

    /** Of a row of {@code period}. */
    static Period of(ResultSet row) throws SQLException {
        Optional<Act> closed = act(row, "closed_at", "closed_by");
        return new Period(
                new Month(YearMonth.parse(row.getString("month")), Sql.time(row, "from_at"), Sql.time(row, "to_at")),
                act(row, "soft_closed_at", "soft_closed_by"),
                closed.isPresent() ? Optional.of(Closing.of(closed.get(), row)) : Optional.empty());
    }

    private static Optional<Act> act(ResultSet row, String at, String by) throws SQLException {
        Instant when = Sql.time(row, at);
        return when == null ? Optional.empty() : Optional.of(new Act(when, row.getString(by)));
    }

    Status status() {
        if (closed.isPresent()) {
            return Status.CLOSED;
        }
        return softClosed.isPresent() ? Status.SOFT_CLOSED : Status.OPEN;
    }
}
