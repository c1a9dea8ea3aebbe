package io.liveness.gateway.books.audit;

import io.liveness.gateway.platform.http.IdempotencyKey;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Actor;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/** What a key led to. A key is used with the change that it led to; a request that is refused leaves it unused. */
public final class UsedKeys {

    /** What a key is used for. */
    public enum Act {
        SOFT_CLOSE,
        CLOSE,
        WITHDRAW,
        ACCEPT,
        CONFIRM,
        UNACCEPT,
        DECLINE,
        MATCH,
        UNMATCH
    }

    private UsedKeys() {}

    /**
     * Whether this key was used for this act before. Parameters as of {@link #use}.
     *
     * @throws ProblemException when the key was used for something else
     */
    public static boolean isDone(Connection connection, String caller, String key, String subject, Act act)
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

    /** What a key is used for: with another object, by another person or with other content a request is another one. */
    public static String subject(Object object, Actor by, String content) {
        String person =
                by.person().map(one -> one.issuer() + " " + one.subject()).orElse("");
        return object + "/" + hash(person) + "/" + hash(content);
    }

    private static UUID hash(String text) {
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Uses the key in the transaction that does what it is for.
     *
     * @param subject the object of the act, and its content
     * @param act what is done
     * @throws ProblemException when another request has used the key meanwhile
     */
    public static void use(Connection connection, String caller, String key, String subject, Act act)
            throws SQLException {
        int used = Sql.execute(connection, """
                insert into finance_request (caller, idempotency_key, subject, act, at) values (?, ?, ?, ?, liveness_now())
                on conflict (caller, idempotency_key) do nothing
                """, caller, key, subject, act);
        if (used == 0) {
            throw IdempotencyKey.reused();
        }
    }
}
