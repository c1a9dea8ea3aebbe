package io.liveness.gateway.bill.match;

import io.liveness.gateway.platform.postgres.Sql;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A fee of our books.
 *
 * @param unknown whether init's answer was lost
 * @param status of the charge: UNCONFIRMED, PRE_DEDUCTED, CHARGED or REFUNDED
 * @param basis how that is known
 * @param amount in the units of {@link io.liveness.gateway.books.Money}
 * @param at when it was taken
 * @param ended when it was charged or returned
 */
public record Fee(
        UUID session,
        Optional<String> taskNo,
        boolean unknown,
        String status,
        Optional<String> basis,
        long amount,
        String currency,
        Instant at,
        Optional<Instant> ended,
        Elsewhere elsewhere) {

    public static final String CHARGED = "CHARGED";
    public static final String REFUNDED = "REFUNDED";
    static final String UNCONFIRMED = "UNCONFIRMED";
    private static final String PRESUMED = "PRESUMED";

    /**
     * What the other bills that count say of it.
     *
     * @param line of another bill that has it
     * @param correctedBy the bill to which the books were adjusted
     * @param awaited whether it is at the edge of another bill and has no line there
     * @param numbers the task numbers that other bills have given it
     */
    record Elsewhere(Optional<BilledLine> line, Optional<UUID> correctedBy, boolean awaited, List<String> numbers) {

        static final Elsewhere NOWHERE = new Elsewhere(Optional.empty(), Optional.empty(), false, List.of());
    }

    /** A line of another bill. */
    record BilledLine(UUID statement, int line) {

        /** Reads the columns {@code other} and {@code other_line}, which may be null. */
        static Optional<BilledLine> of(ResultSet row) throws SQLException {
            UUID other = row.getObject("other", UUID.class);
            return other == null ? Optional.empty() : Optional.of(new BilledLine(other, row.getInt("other_line")));
        }
    }

    /** Whether it was booked by the billing rule alone, as all are without a task number: init's answer was lost. */
    boolean isPresumed() {
        return taskNo.isEmpty() || basis.filter(PRESUMED::equals).isPresent();
    }

    /** Reads a row of {@link MatchStatement}'s queries, which have the same columns. */
    static Fee of(ResultSet row) throws SQLException {
        Array numbers = row.getArray("numbers");
        return new Fee(
                row.getObject("session_id", UUID.class),
                Optional.ofNullable(row.getString("task_no")),
                row.getBoolean("unknown"),
                row.getString("status"),
                Optional.ofNullable(row.getString("basis")),
                row.getLong("amount"),
                row.getString("currency"),
                Sql.time(row, "at"),
                Optional.ofNullable(Sql.time(row, "ended")),
                new Elsewhere(
                        BilledLine.of(row),
                        Optional.ofNullable(row.getObject("corrected_by", UUID.class)),
                        row.getBoolean("awaited"),
                        numbers == null ? List.of() : List.of((String[]) numbers.getArray())));
    }
}
