package io.liveness.gateway.finance.month;

import io.liveness.gateway.books.Month;
import io.liveness.gateway.platform.postgres.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The months of the books: from that of the first row to the present one.
 *
 * @param stored those that were closed, softly or for good
 * @param begin when the first fee was pre-deducted, or the first adjustment counts; empty when the books are
 * @param zone where months begin that are not stored
 */
record Calendar(SortedMap<YearMonth, Period> stored, Optional<Instant> begin, Instant now, ZoneId zone) {

    /** When the books begin, null while they are empty; and the time, which is not that at which the transaction began: it may have waited. */
    private static final String BEGINNING = """
            select least((select init_at from ledger where kind = 'PRE_DEDUCT' order by init_at, session_id limit 1),
                         (select min(coalesce(counted_at, recorded_at)) from ledger where kind = 'ADJUSTMENT')) as begin,
                   liveness_now() + (clock_timestamp() - now()) as now
            """;

    /** The months that were closed, softly or for good: a row for each. */
    private static final String STORED = """
            select period.month, from_at, to_at, soft_closed_at, soft_closed_by, closed_at, closed_by, sums, proof_rows, proof_sha256,
                   archive_sha256, warnings, findings, proposed_at, proposed_by, proposed_person, proposed_reason, since.differences
            from period left join (
            """ + ClosedMonths.DIFFERENCES + """
            ) since on since.month = period.month
            """;

    static Calendar read(Connection connection, ZoneId zone) throws SQLException {
        SortedMap<YearMonth, Period> stored = new TreeMap<>();
        Sql.list(connection, STORED, Period::of)
                .forEach(period -> stored.put(period.month().name(), period));
        return Sql.first(
                        connection,
                        BEGINNING,
                        row -> new Calendar(
                                stored, Optional.ofNullable(Sql.time(row, "begin")), Sql.time(row, "now"), zone))
                .orElseThrow();
    }

    /** Newest first. */
    List<Period> all() {
        List<Period> all = new ArrayList<>();
        for (YearMonth name = last(); !name.isBefore(first()); name = name.minusMonths(1)) {
            all.add(period(name));
        }
        return all;
    }

    /** Empty for a month that the books do not have. */
    Optional<Period> of(YearMonth name) {
        return name.isBefore(first()) || name.isAfter(last()) ? Optional.empty() : Optional.of(period(name));
    }

    /** The month before it, which is closed first; empty for the first one. */
    Optional<Period> before(Period period) {
        return of(period.month().name().minusMonths(1));
    }

    private Period period(YearMonth name) {
        Period known = stored.get(name);
        return known != null ? known : Period.open(month(name));
    }

    /** Begins where the one before it was closed, also when months begin elsewhere since then. */
    private Month month(YearMonth name) {
        Month month = Month.of(name, zone);
        Period before = stored.get(name.minusMonths(1));
        return before == null ? month : new Month(name, before.month().to(), month.to());
    }

    private YearMonth first() {
        YearMonth ofRows =
                begin.map(moment -> YearMonth.from(moment.atZone(zone))).orElse(last());
        return stored.isEmpty() || ofRows.isBefore(stored.firstKey()) ? ofRows : stored.firstKey();
    }

    private YearMonth last() {
        return YearMonth.from(now.atZone(zone));
    }
}
