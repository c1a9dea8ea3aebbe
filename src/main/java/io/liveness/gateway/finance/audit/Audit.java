package io.liveness.gateway.finance.audit;

import com.github.f4b6a3.uuid.UuidCreator;
import io.liveness.gateway.platform.postgres.Database;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.UUID;

/**
 * Records acts of people and callers. An act in one SQL statement writes its entry in the same statement, so that both exist or none; an
 * act outside the database, such as an export, is recorded by {@link #record}.
 */
@Singleton
public class Audit {

    private static final String RECORD =
            "with act as (select $1::uuid as id, $2::text as who, $3::text as what, $4::text as subject, $5::jsonb as detail) "
                    + entriesFrom("act");

    private final Database database;

    Audit(Database database) {
        this.database = database;
    }

    /** Of a new entry. */
    public static UUID newId() {
        return UuidCreator.getTimeOrderedEpoch();
    }

    /**
     * An insert to stand as a part of a {@code with} query.
     *
     * @param acts name of a part of the same query with the columns {@code id, who, what, subject, detail}, one row for each entry:
     *     {@link #newId}, the actor, {@link AuditedAct#code}, what it was done to, and a flat object of strings
     */
    public static String entriesFrom(String acts) {
        return """
                insert into audit_entry (id, at, who, what, subject, detail)
                select id, liveness_now(), who, what, subject, detail from %s
                on conflict (id) do nothing
                """.formatted(acts);
    }

    /**
     * Records an act.
     *
     * @param who the actor, see {@link io.liveness.gateway.platform.security.Caller#actor}
     * @param subject the object of the act, as the API names it
     * @param detail no token, address or metadata
     */
    public Uni<Void> record(AuditedAct what, String who, String subject, Map<String, String> detail) {
        JsonObject fields = new JsonObject();
        detail.forEach(fields::put);
        return database.execute(RECORD, Tuple.of(newId(), who, what.code(), subject, fields))
                .replaceWithVoid();
    }
}
