package io.liveness.gateway.finance.keys;

import io.liveness.gateway.platform.http.IdempotencyKey;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** What a key led to. A key is used with the change that it led to; a request that is refused leaves it unused. */
@Singleton
public class UsedKeys {

    private static final String REQUEST =
            "select subject, act from finance_request where caller = $1 and idempotency_key = $2";

    private final Database database;

    UsedKeys(Database database) {
        this.database = database;
    }

    /**
     * Whether this key was used for this act before. Parameters as of {@link #use}.
     *
     * @throws ProblemException when the key was used for something else
     */
    public static boolean isDone(Connection connection, String caller, String key, String subject, Enum<?> act)
            throws SQLException {
        Optional<Boolean> same = Sql.first(
                connection,
                "select subject = ? and act = ? as same from finance_request where caller = ? and idempotency_key = ?",
                row -> row.getBoolean("same"),
                subject,
                act,
                caller,
                key);
        if (same.isPresent() && !same.get()) {
            throw IdempotencyKey.reused();
        }
        return same.isPresent();
    }

    /**
     * Uses the key in the transaction that does what it is for.
     *
     * @param subject the object of the act, and its content
     * @param act what is done
     * @throws ProblemException when another request has used the key meanwhile
     */
    public static void use(Connection connection, String caller, String key, String subject, Enum<?> act)
            throws SQLException {
        int used = Sql.execute(connection, """
                insert into finance_request (caller, idempotency_key, subject, act, at) values (?, ?, ?, ?, liveness_now())
                on conflict (caller, idempotency_key) do nothing
                """, caller, key, subject, act);
        if (used == 0) {
            throw IdempotencyKey.reused();
        }
    }

    /**
     * An insert to stand as a part of a {@code with} query. The database refuses the query when another request has used the key meanwhile.
     *
     * @param requests name of a part of the same query with the columns {@code caller, idempotency_key, subject, act}
     */
    public static String usedBy(String requests) {
        return """
                insert into finance_request (caller, idempotency_key, subject, act, at)
                select caller, idempotency_key, subject, act, liveness_now() from %s
                """.formatted(requests);
    }

    /**
     * Whether this key was used for this act before.
     *
     * @param subject the object of the act, and its content
     * @param act what is done
     * @throws ProblemException when the key was used for something else
     */
    public Uni<Boolean> isDone(String caller, String key, String subject, Enum<?> act) {
        return database.read(REQUEST, Tuple.of(caller, key)).map(rows -> {
            if (rows.size() == 0) {
                return false;
            }
            Row row = rows.iterator().next();
            if (row.getString(0).equals(subject) && row.getString(1).equals(act.name())) {
                return true;
            }
            throw IdempotencyKey.reused();
        });
    }
}
