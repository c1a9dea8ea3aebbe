package io.liveness.gateway.statement.difference;

import io.liveness.gateway.statement.matching.MatchKind;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;

/** One result of a match, as it is stored. */
public record DifferenceRow(
        UUID id,
        MatchKind kind,
        Optional<Integer> line,
        Optional<UUID> session,
        Optional<String> taskNo,
        Optional<Side> ours,
        Optional<Side> theirs,
        Optional<String> presumption,
        Optional<String> detail,
        Optional<Accepted> accepted,
        Optional<String> note,
        Optional<String> assignee,
        Optional<ByHand> byHand) {

    /**
     * A match by hand.
     *
     * @param earlier the kind before the match by hand
     */
    record ByHand(MatchKind earlier, String by, Instant at, String reason) {}

    /**
     * The state of work on it.
     *
     * @param adjustment what is added to the ledger, in minor units; 0 for nothing
     */
    public record Accepted(
            DifferenceState state,
            long adjustment,
            String currency,
            String reason,
            String by,
            Instant at,
            Optional<String> confirmedBy,
            Optional<Instant> confirmedAt) {}

    /** The state of a difference; empty for another result. */
    Optional<DifferenceState> state() {
        return kind.isDifference()
                ? Optional.of(accepted.map(Accepted::state).orElse(DifferenceState.OPEN))
                : Optional.empty();
    }

    /** What one of the two books says; any of it may be missing. */
    public record Side(
            Optional<String> status,
            Optional<String> basis,
            Optional<Long> amount,
            Optional<String> currency,
            Optional<Instant> at) {

        boolean isEmpty() {
            return status.isEmpty() && amount.isEmpty() && at.isEmpty();
        }
    }

    static final String COLUMNS =
            "m.id, m.kind, m.line, m.session_id, m.task_no, m.ours_status, m.ours_basis, m.ours_amount,"
                    + " m.ours_currency, m.ours_at, m.theirs_status, m.theirs_amount, t.currency, m.theirs_at, m.presumption, m.detail,"
                    + " a.state, a.amount, a.currency, a.reason, a.accepted_by, a.accepted_at, a.confirmed_by, a.confirmed_at, n.note, n.assignee,"
                    + " h.kind, h.matched_by, h.matched_at, h.reason";

    static DifferenceRow of(Row row) {
        Side ours =
                new Side(text(row, 5), text(row, 6), Optional.ofNullable(row.getLong(7)), text(row, 8), time(row, 9));
        Side theirs = new Side(
                text(row, 10), Optional.empty(), Optional.ofNullable(row.getLong(11)), text(row, 12), time(row, 13));
        return new DifferenceRow(
                row.getUUID(0),
                MatchKind.valueOf(row.getString(1)),
                Optional.ofNullable(row.getInteger(2)),
                Optional.ofNullable(row.getUUID(3)),
                text(row, 4),
                Optional.of(ours).filter(side -> !side.isEmpty()),
                Optional.of(theirs).filter(side -> !side.isEmpty()),
                text(row, 14),
                text(row, 15),
                accepted(row),
                text(row, 24),
                text(row, 25),
                byHand(row));
    }

    private static Optional<ByHand> byHand(Row row) {
        return text(row, 26)
                .map(kind -> new ByHand(
                        MatchKind.valueOf(kind),
                        row.getString(27),
                        row.getOffsetDateTime(28).toInstant(),
                        row.getString(29)));
    }

    private static Optional<Accepted> accepted(Row row) {
        return text(row, 16)
                .map(state -> new Accepted(
                        DifferenceState.valueOf(state),
                        row.getLong(17),
                        row.getString(18),
                        row.getString(19),
                        row.getString(20),
                        row.getOffsetDateTime(21).toInstant(),
                        text(row, 22),
                        time(row, 23)));
    }

    private static Optional<String> text(Row row, int at) {
        return Optional.ofNullable(row.getString(at));
    }

    private static Optional<Instant> time(Row row, int at) {
        return Optional.ofNullable(row.getOffsetDateTime(at)).map(OffsetDateTime::toInstant);
    }
}
