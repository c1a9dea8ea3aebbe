package io.liveness.gateway.books.comparison;

import io.liveness.gateway.platform.postgres.DatabaseFigures;
import io.liveness.gateway.testsupport.Stored;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.UUID;

/** Compares the books, and changes them as a superuser. */
@Singleton
public class BooksFixture {

    private static final List<String> TABLES =
            List.of("ledger_entry", "session_event", "session_schedule", "session_end", "liveness_session");

    private final BooksWatch watch;
    private final DatabaseFigures figures;
    private final Stored stored;
    private long firstEntry;
    private UUID firstSession = new UUID(0, 0);
    private final MeterRegistry registry;
    private final Clock clock;

    BooksFixture(BooksWatch watch, DatabaseFigures figures, Stored stored, MeterRegistry registry, Clock clock) {
        this.watch = watch;
        this.figures = figures;
        this.stored = stored;
        this.registry = registry;
        this.clock = clock;
    }

    /**
     * What has been stored so far is other tests'. Rounds begin after it; sessions that a test has made up without their events would
     * take the place of all that can be found.
     */
    public void beginHere() throws SQLException {
        stored.execute("delete from liveness_session s"
                + " where not exists (select from session_event e where e.session_id = s.id)");
        firstSession = new UUID(clock.millis() << 16, 0);
        // Open sessions are read by each round, and so are those of a test that had set its clock ahead.
        String others = "select id from liveness_session"
                + " where status in ('OPENING', 'PENDING') or charge_status = 'UNCONFIRMED' or id > ?";
        stored.unguarded("delete from ledger_entry where session_id in (" + others + ")", firstSession);
        stored.execute("delete from session_event where session_id in (" + others + ")", firstSession);
        stored.execute("delete from session_schedule where session_id in (" + others + ")", firstSession);
        stored.execute("delete from session_end where session_id in (" + others + ")", firstSession);
        stored.execute("delete from liveness_session where id in (" + others + ")", firstSession);
        stored.execute("delete from books_difference");
        stored.execute("update books_comparison set entry_from = coalesce((select max(id) from ledger_entry), 0),"
                + " entry_to = coalesce((select max(id) from ledger_entry), 0),"
                + " event_from = coalesce((select max(seq) from session_event), 0),"
                + " event_to = coalesce((select max(seq) from session_event), 0)");
        firstEntry = stored.count("select coalesce(max(id), 0) from ledger_entry");
    }

    /** A night, as far as this test has stored anything, and the minute after it. */
    public void wholeRound() throws SQLException {
        stored.execute(
                "update books_night set due_at = '-infinity', entry_from = ?, session_from = ?",
                firstEntry,
                firstSession);
        watch.watchAll();
        pass();
    }

    /** A minute. */
    public void pass() throws SQLException {
        stored.execute("update books_comparison set next_pass_at = '-infinity'");
        watch.watch();
    }

    public List<String> differences(UUID session) {
        return stored.strings("select kind from books_difference where session_id = ?", session);
    }

    public double gauge(String name) {
        figures.read().await().indefinitely();
        return registry.get(name).gauge().value();
    }

    public double gauge(DifferenceKind kind) {
        figures.read().await().indefinitely();
        return registry.get("liveness.books.differences")
                .tag("kind", kind.code())
                .gauge()
                .value();
    }

    /** Keeps what is stored of a session, to mend it later. */
    public void keep(UUID session) throws SQLException {
        for (String table : TABLES) {
            stored.execute("drop table if exists kept_" + table);
            stored.execute("create table kept_%1$s as select * from %1$s where %2$s = '%3$s'"
                    .formatted(table, key(table), session));
        }
    }

    /** Puts back what was kept. */
    public void mend(UUID session) throws SQLException {
        stored.unguarded("delete from ledger_entry where session_id = ?", session);
        stored.unguarded("delete from session_event where session_id = ?", session);
        stored.unguarded("delete from session_schedule where session_id = ?", session);
        stored.unguarded("delete from session_end where session_id = ?", session);
        stored.unguarded("delete from liveness_session where id = ?", session);
        for (String table :
                List.of("liveness_session", "ledger_entry", "session_event", "session_schedule", "session_end")) {
            stored.unguarded("insert into %1$s overriding system value select * from kept_%1$s".formatted(table));
        }
    }

    private static String key(String table) {
        return table.equals("liveness_session") ? "id" : "session_id";
    }
}
