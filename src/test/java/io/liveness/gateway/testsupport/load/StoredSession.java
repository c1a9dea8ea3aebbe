package io.liveness.gateway.testsupport.load;

import io.liveness.gateway.testsupport.TestDatabase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * A session as it is in the database, with all that was written about it.
 *
 * @param ledger oldest first
 * @param events their types, oldest first
 */
public record StoredSession(
        String key,
        String returnUrl,
        String status,
        String charge,
        Optional<Integer> verdictCode,
        List<Entry> ledger,
        List<String> events) {

    /** A row of the ledger. */
    public record Entry(String kind, Optional<String> taskNo, String basis, long amount) {

        static Entry of(JsonObject row) {
            return new Entry(
                    row.getString("kind"),
                    Optional.ofNullable(row.getString("taskNo")),
                    row.getString("basis"),
                    row.getLong("amount"));
        }
    }

    private static final String ALL = """
            select idempotency_key, return_url, status, charge_status, verdict_code,
                   (select coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'taskNo', l.task_no, 'basis', basis,
                                                                 'amount', amount) order by l.id), '[]')
                    from ledger_entry l where l.session_id = s.id) as ledger,
                   (select coalesce(jsonb_agg(type order by seq), '[]')
                    from session_event e where e.session_id = s.id) as events
            from liveness_session s
            """;

    // A session is over for the books when nothing is due for it any more: a lost fee is written off after the token's
    // life.
    private static final String UNFINISHED = "select count(*) from session_schedule";

    public static List<StoredSession> all(TestDatabase database) {
        return database.rows(ALL).stream().map(StoredSession::of).toList();
    }

    public static long count(TestDatabase database) {
        return database.count("select count(*) from liveness_session");
    }

    /** How many something is still to be done about. */
    public static long unfinished(TestDatabase database) {
        return database.count(UNFINISHED);
    }

    private static StoredSession of(List<String> row) {
        return new StoredSession(
                row.get(0),
                row.get(1),
                row.get(2),
                row.get(3),
                Optional.ofNullable(row.get(4)).map(Integer::valueOf),
                new JsonArray(row.get(5))
                        .stream().map(entry -> Entry.of((JsonObject) entry)).toList(),
                new JsonArray(row.get(6)).stream().map(String::valueOf).toList());
    }

    /** Whether a fee was booked that may never have been taken. */
    boolean isPresumed() {
        return !ledger.isEmpty() && ledger.get(0).basis().equals("PRESUMED");
    }

    public long events(String... types) {
        return events.stream().filter(List.of(types)::contains).count();
    }

    /** How the session and its fee stand, as in {@code PASSED/CHARGED}. */
    public String end() {
        return status + "/" + charge;
    }
}
