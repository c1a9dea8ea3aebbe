package io.liveness.gateway.testsupport;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** The database of a gateway under test, read directly. */
@Singleton
public class Stored {

    private final DataSource database;
    /** The function of the schema, while another one takes its place. */
    private String takeFromBudget;

    Stored(DataSource database) {
        this.database = database;
    }

    /** The ledger rows of a session, in the order they were written, as {@code KIND/BASIS}. */
    public List<String> ledger(String session) {
        return strings(
                "select kind || '/' || basis from ledger_entry where session_id = ? order by id",
                UUID.fromString(session));
    }

    /** How many polls of a session are counted: in its schedule, or in its events when it has ended. */
    public long polls(String session) {
        return count(
                "select coalesce((select polls from session_schedule where session_id = s.id),"
                        + " (select max((detail ->> 'polls')::int) from session_event where session_id = s.id), 0)"
                        + " from liveness_session s where id = ?",
                UUID.fromString(session));
    }

    public long count(String sql, Object... arguments) {
        return Long.parseLong(strings(sql, arguments).get(0));
    }

    /** Ends the gateway's connections, of which some may only read from now on. */
    public void endConnections() {
        count("select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database()"
                + " and application_name = 'liveness-gateway' and pid <> pg_backend_pid()");
    }

    /** The first column of each row. */
    public List<String> strings(String sql, Object... arguments) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            List<String> values = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    values.add(rows.getString(1));
                }
            }
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The tables with a row that has this text somewhere; of a column of bytes, hexadecimal digits. */
    public List<String> tablesWith(String text) {
        return strings("select relname from pg_class where relkind in ('r', 'p')"
                        + " and relnamespace = current_schema()::regnamespace order by relname")
                .stream()
                .filter(table ->
                        count("select count(*) from " + table + " t where position(? in t::text) > 0", text) > 0)
                .toList();
    }

    /** From now on the vendor's budget has its burst of calls, and nobody has asked for fewer. */
    public void fillBudget() throws SQLException {
        if (takeFromBudget != null) {
            execute(takeFromBudget);
        }
        strings("select setval(oid::regclass, 0) from pg_class where relkind = 'S' and relname like 'vendor_budget_%'");
    }

    /** From now on the vendor's budget has no call, until it is filled. */
    public void spendBudget() throws SQLException {
        takeFromBudget = strings("select pg_get_functiondef('vendor_budget_take'::regproc)")
                .get(0);
        execute("""
                create or replace function vendor_budget_take(purpose text, rate float8, ahead float8, wanted integer,
                    out granted integer, out first_in float8, out open_in float8) language plpgsql as $$
                begin
                    granted := 0;
                    first_in := 600;
                    open_in := 600;
                end $$
                """);
    }

    /** A connection for a transaction of the test's. */
    public Connection connection() throws SQLException {
        return database.getConnection();
    }

    public int execute(String sql, Object... arguments) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            return statement.executeUpdate();
        }
    }

    /**
     * Takes the columns of a table away from the service until it is closed: its statements fail by a fault of ours. A table that is not
     * there would be the database's.
     */
    public Away columnsAway(String table) throws SQLException {
        rename(table, "attname || '_away'");
        return () -> rename(table, "left(attname, -length('_away'))");
    }

    private void rename(String table, String newName) throws SQLException {
        execute("""
                do $$ declare renamed record; begin
                    for renamed in select attname as was, %s as will_be from pg_attribute
                                 where attrelid = '%s'::regclass and attnum > 0 and not attisdropped
                    loop
                        execute format('alter table %s rename column %%I to %%I', renamed.was, renamed.will_be);
                    end loop;
                end $$
                """.formatted(newName, table, table));
    }

    /** Something that comes back when it is closed. */
    public interface Away extends AutoCloseable {
        @Override
        void close() throws SQLException;
    }

    /** Changes what the database refuses to change, as its owner can. */
    public void unguarded(String sql, Object... arguments) throws SQLException {
        execute("alter table ledger_entry disable trigger user");
        try {
            execute(sql, arguments);
        } finally {
            execute("alter table ledger_entry enable trigger user");
        }
    }

    /**
     * Moves the time at which the fee of a session was taken.
     *
     * @param initAt an expression, which may have the time {@code init_at} until now
     */
    public void feeAt(String initAt, String session) throws SQLException {
        UUID id = UUID.fromString(session);
        execute("update liveness_session set init_at = " + initAt + " where id = ?", id);
        unguarded(
                "update ledger_entry e set init_at = s.init_at from liveness_session s where s.id = e.session_id and s.id = ?",
                id);
    }

    /** Removes what was closed. @param months a pattern of LIKE */
    public void reopen(String months) throws SQLException {
        for (String table : List.of("period", "period_archive")) {
            execute("alter table " + table + " disable trigger user");
            try {
                execute("delete from " + table + " where month like ?", months);
            } finally {
                execute("alter table " + table + " enable trigger user");
            }
        }
    }

    /** Puts sessions of an earlier time that a test has made up, and whose fee is open, on the schedule, where nothing comes to them. */
    public void scheduleOpenBefore(Instant time) throws SQLException {
        execute("""
                insert into session_schedule (session_id, caller, status, attempt, init_at, token_sealed, token_expires_at, next_poll_at)
                select id, caller, status, attempt, init_at, case status when 'PENDING' then ''::bytea end,
                       case status when 'PENDING' then timestamptz '2999-01-01Z' end, timestamptz '2999-01-01Z'
                from liveness_session
                where init_at < ? and (status in ('OPENING', 'PENDING') or charge_status = 'UNCONFIRMED')
                on conflict (session_id) do nothing
                """, time.atOffset(ZoneOffset.UTC));
    }

    /**
     * Removes the sessions and ledger rows of an earlier time, which a test has made up. Other tests read the latest sessions, and compare
     * the books of all.
     */
    public void removeBefore(Instant time) throws SQLException {
        OffsetDateTime before = time.atOffset(ZoneOffset.UTC);
        unguarded("delete from ledger_entry where recorded_at < ? or init_at < ?", before, before);
        execute("delete from session_schedule where init_at < ?", before);
        execute("delete from liveness_session where init_at < ?", before);
        execute(
                "delete from session_end e where not exists (select from liveness_session s where s.id = e.session_id)");
        // Others count the pages that a list reads.
        execute("vacuum liveness_session, ledger_entry");
    }
}
