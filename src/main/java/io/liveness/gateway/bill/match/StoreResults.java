package io.liveness.gateway.bill.match;

import io.liveness.gateway.bill.match.Matcher.Fee;
import io.liveness.gateway.bill.match.Matcher.MatchResult;
import io.liveness.gateway.bill.match.Matcher.MatchResult.Total;
import io.liveness.gateway.bill.read.StatementReader.Line;
import io.liveness.gateway.books.BillDetail;
import io.liveness.gateway.platform.postgres.CopyRows;
import io.liveness.gateway.platform.postgres.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** Stores the results of one statement. */
public final class StoreResults implements Consumer<MatchResult> {

    private static final String COPY = """
            copy statement_match (id, statement_id, kind, line, session_id, task_no, ours_status, ours_basis, ours_amount, ours_currency,
                ours_at, theirs_status, theirs_amount, theirs_at, presumption, detail, cells) from stdin""";

    private static final String TOTAL = """
            insert into statement_match (id, statement_id, kind, ours_amount, ours_currency, theirs_amount, detail)
            values (?, ?, 'CONTROL_TOTAL_DIFFERS', ?, ?, ?, ?::jsonb)""";

    /**
     * The ids of a statement's results: the first 22 digits of its own, then ten of the place in the order in which they are listed. Totals
     * come first, then each line has four places, and behind all lines each fee without one has a place.
     */
    public record ResultIds(UUID statement) {

        private static final int LINE = 4;
        private static final long WITHOUT_LINE = 1L << 36;
        private static final long PLACES = (1L << 40) - 1;

        public UUID first() {
            return at(0);
        }

        public UUID last() {
            return at(PLACES);
        }

        UUID ofTotal(int nth) {
            return at(nth);
        }

        /** @param nth of the results of this line */
        UUID ofLine(int line, int nth) {
            return at((long) line * LINE + nth);
        }

        UUID withoutLine(int nth) {
            return at(WITHOUT_LINE + nth);
        }

        private UUID at(long place) {
            return new UUID(statement.getMostSignificantBits(), statement.getLeastSignificantBits() & ~PLACES | place);
        }
    }

    private final Connection connection;
    private final CopyRows rows;
    private final UUID statement;
    private final ResultIds ids;
    private final IntConsumer progress;
    private final Map<MatchKind, Integer> counts = new EnumMap<>(MatchKind.class);
    private int totals;
    private int lines;
    private int lastLine;
    private int withoutLine;

    /** @param progress is told how many lines have a result */
    public StoreResults(Connection connection, UUID statement, IntConsumer progress) throws SQLException {
        this.connection = connection;
        this.rows = new CopyRows(connection, COPY);
        this.statement = statement;
        this.ids = new ResultIds(statement);
        this.progress = progress;
    }

    @Override
    public void accept(MatchResult result) {
        Optional<Line> line = result.line();
        Optional<Fee> fee = result.fee();
        // Both results of a line follow each other.
        boolean again = line.filter(of -> of.number() == lastLine).isPresent();
        UUID id =
                line.map(of -> ids.ofLine(of.number(), again ? 1 : 0)).orElseGet(() -> ids.withoutLine(++withoutLine));
        lastLine = line.map(Line::number).orElse(0);
        try {
            rows.add(
                    id,
                    statement,
                    result.kind(),
                    line.map(Line::number),
                    fee.map(Fee::session),
                    line.isPresent() ? line.flatMap(Line::taskNo) : fee.flatMap(Fee::taskNo),
                    fee.map(Fee::status),
                    fee.flatMap(Fee::basis),
                    fee.map(Fee::amount),
                    fee.map(Fee::currency),
                    fee.map(Fee::at),
                    line.flatMap(Line::status),
                    line.flatMap(Line::amount),
                    line.flatMap(Line::at),
                    result.presumption(),
                    result.detail().map(BillDetail::stored),
                    line.flatMap(BillLines::storedCells));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        counts.merge(result.kind(), 1, Integer::sum);
        if (line.isPresent() && !again) {
            progress.accept(++lines);
        }
    }

    void add(Total total, String currency) throws SQLException {
        Sql.execute(
                connection,
                TOTAL,
                ids.ofTotal(totals++),
                statement,
                total.counted(),
                total.counted().map(sum -> currency),
                total.stated(),
                total.what().stored());
        counts.merge(MatchKind.CONTROL_TOTAL_DIFFERS, 1, Integer::sum);
    }

    public void flush() throws SQLException {
        rows.flush();
    }

    Map<MatchKind, Integer> counts() {
        return counts;
    }
}
