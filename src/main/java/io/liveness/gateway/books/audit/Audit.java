package io.liveness.gateway.books.audit;

import com.github.f4b6a3.uuid.UuidCreator;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.security.Actor;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;

/** Records acts of people and callers, each in the transaction of the act, so that both exist or none. */
@Singleton
public class Audit {

    private static final String RECORD = """
            insert into audit_entry (id, at, who, person, what, subject, detail)
            values (?::uuid, liveness_now(), ?, ?::jsonb, ?, ?, ?::jsonb)
            """;

    private final Batch batch;

    Audit(Batch batch) {
        this.batch = batch;
    }

    /**
     * An insert of many acts, to stand as a part of a {@code with} query. A function of the schema calls {@code audit_record}.
     *
     * @param acts name of a part of the same query with the columns {@code id} (see {@link #newId}), {@code who, person, what, subject,
     *     detail}, as those of {@link #record}
     */
    public static String entriesFrom(String acts) {
        return """
                insert into audit_entry (id, at, who, person, what, subject, detail)
                select id, liveness_now(), who, person, what, subject, detail from %s
                """.formatted(acts);
    }

    /** The id for a new entry. */
    public static UUID newId() {
        return UuidCreator.getTimeOrderedEpoch();
    }

    /**
     * Records an act with the transaction of the connection.
     *
     * @param subject the object of the act, as the API names it
     * @param detail no token, address or metadata
     */
    public static void record(
            Connection connection, AuditedAct what, Actor who, String subject, Map<String, String> detail)
            throws SQLException {
        JsonObject fields = new JsonObject();
        detail.forEach(fields::put);
        Sql.execute(connection, RECORD, newId(), who.name(), who.storedPerson(), what.code(), subject, fields.encode());
    }

    /** Records an act outside the database, in a separate transaction. */
    public void record(AuditedAct what, Actor who, String subject, Map<String, String> detail) {
        batch.transact(connection -> {
            record(connection, what, who, subject, detail);
            return null;
        });
    }
}
