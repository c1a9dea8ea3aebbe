package io.liveness.gateway.plans;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Makes years of settled sessions out of one that a gateway has settled, with its events and its ledger rows, so that what they
 * hold follows the schema. Each copy has its own ids, keys and times; the times end an hour ago.
 */
final class History {

    private static final String MOMENT = "(now() - interval '1 hour' - (%1$d - n) * interval '2 years' / %1$d)";
    /** A UUIDv7: the time in milliseconds, a separate digit for each kind of row, the number of the copy. */
    private static final String ID = "(lpad(to_hex((extract(epoch from %1$s) * 1000)::bigint), 12, '0') || '7%2$s8000'"
            + " || lpad(to_hex(n), 12, '0'))::uuid";

    private static final String STATUS = "(array['PASSED', 'PASSED', 'PASSED', 'NOT_PASSED', 'EXPIRED'])[1 + n % 5]";

    private final Connection connection;
    private final long copies;
    private final String moment;

    private History(Connection connection, long copies) {
        this.connection = connection;
        this.copies = copies;
        this.moment = MOMENT.formatted(copies);
    }

    /** Has every table analysed in the end. */
    static void fill(Connection connection, long copies) throws SQLException {
        new History(connection, copies).fill();
    }

    /** Gives tables of some hundred rows 200 versions of each, and ends deliveries. Statistics stay as they were. */
    static void age(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("""
                    do $$
                    begin
                        for n in 1..200 loop
                            update session_schedule set caller = caller;
                            update session_open set caller = caller;
                            update webhook_endpoint set caller = caller;
                        end loop;
                        delete from webhook_delivery where status <> 'PENDING';
                    end
                    $$""");
        }
    }

    private void fill() throws SQLException {
        // The setting switches off the ledger's triggers and the foreign keys.
        execute("set session_replication_role = replica");
        List<String> indexes = strings("""
                select indexdef from pg_indexes where schemaname = current_schema()
                and tablename in ('liveness_session', 'session_end', 'session_token', 'session_event', 'ledger_entry')
                and indexname not in (select conname from pg_constraint)
                """);
        for (String index : strings("""
                select indexname from pg_indexes where schemaname = current_schema()
                and tablename in ('liveness_session', 'session_end', 'session_token', 'session_event', 'ledger_entry')
                and indexname not in (select conname from pg_constraint)
                """)) {
            execute("drop index " + index);
        }
        execute("create table model as select * from liveness_session where verdict_code = 200 limit 1");
        String session = ID.formatted(moment, "000");
        copy(
                "liveness_session",
                "model",
                Map.of(
                        "id",
                        session,
                        "caller",
                        "'caller-' || n % 50",
                        "idempotency_key",
                        "'key-' || n",
                        "reference",
                        "'reference-' || n",
                        "token_hash",
                        "case when token_hash is not null then sha256(n::text::bytea) end",
                        "status",
                        STATUS));
        copyOfModel("session_end", Map.of("caller", "'caller-' || n % 50", "status", STATUS, "session_id", session));
        copyOfModel("session_token", Map.of("token_hash", "sha256(n::text::bytea)", "session_id", session));
        copyOfModel(
                "session_event",
                Map.of("id", ID.formatted(moment, "' || to_hex(1 + seq % 15) || '00"), "session_id", session));
        copyOfModel("ledger_entry", Map.of("session_id", session, "caller", "'caller-' || n % 50"));
        execute("drop table model");
        execute("""
                insert into erasure (id, caller, key_hash, request_hash, requested_at, requested_by, begun_at, next_run_at, finished_at)
                select %1$s, 'caller-' || n %% 50, sha256(n::text::bytea), '', %2$s, 'shop', %2$s, %2$s, %2$s
                from generate_series(1, %3$d) n
                """.formatted(ID.formatted(moment, "000"), moment, copies / 10));
        deliveries(session);
        for (String index : indexes) {
            execute(index);
        }
        execute("reset session_replication_role");
        execute("analyze");
    }

    /** Every caller's endpoint has deliveries; of a thousand ten have failed, and one is pending. */
    private void deliveries(String session) throws SQLException {
        execute("""
                insert into webhook_endpoint (id, caller, url, status, secrets_sealed, secrets_until, secrets_key, created_at, updated_at)
                select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'caller-' || n, 'https://shop.example', 'ACTIVE',
                       array[''::bytea], array['infinity'::timestamptz], array[null::text], now(), now()
                from generate_series(0, 49) n
                """);
        execute("""
                insert into webhook_delivery (endpoint_id, event_id, seq, session_id, type, at, data, status, next_attempt_at, ended_at)
                select ('00000000-0000-7000-8000-' || lpad((n %% 50)::text, 12, '0'))::uuid, %1$s, n, %2$s, 'liveness.session.settled', %3$s,
                       '{"status": "PASSED", "charge": "CHARGED"}', status, case status when 'PENDING' then now() end,
                       case when status <> 'PENDING' then %3$s end
                from generate_series(1, %4$d) n,
                     lateral (select case when n %% 1000 = 0 then 'PENDING' when n %% 100 = 0 then 'FAILED' else 'DELIVERED' end as status) s
                """.formatted(ID.formatted(moment, "999"), session, moment, copies));
    }

    private void copyOfModel(String table, Map<String, String> changed) throws SQLException {
        execute("create table model_rows as select * from " + table + " where session_id = (select id from model)");
        copy(table, "model_rows", changed);
        execute("drop table model_rows");
    }

    private void copy(String table, String from, Map<String, String> changed) throws SQLException {
        StringJoiner columns = new StringJoiner(", ");
        StringJoiner values = new StringJoiner(", ");
        List<String> times = columns(table, "data_type = 'timestamp with time zone'");
        for (String column : columns(table, "is_identity = 'NO'")) {
            String same =
                    times.contains(column) ? "case when " + column + " is not null then " + moment + " end" : column;
            columns.add(column);
            values.add(changed.getOrDefault(column, same));
        }
        execute("insert into " + table + " (" + columns + ") select " + values + " from " + from
                + ", generate_series(1, " + copies + ") n");
    }

    private List<String> columns(String table, String which) throws SQLException {
        return strings("select column_name from information_schema.columns where table_schema = current_schema()"
                + " and table_name = '" + table + "' and " + which + " order by ordinal_position");
    }

    private List<String> strings(String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
