package io.liveness.gateway.privacy;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.platform.http.IdempotencyKey;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Encryption;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Stores erasures and reads them; {@link RunErasures} erases their sessions. A caller reads its own erasures only; another caller's is not
 * found.
 */
@Singleton
class Erasures {

    /** Sessions of one erasure at most: a reference with more is not that of one person. */
    static final int MOST_SESSIONS = 1_000;

    /** Greater than every id. */
    private static final UUID LAST = new UUID(-1, -1);

    private static final String VIEW = """
            select e.id, e.requested_at, e.finished_at, e.request_hash, l.erased, l.waiting
            from erasure e
            cross join lateral (
                select count(*) filter (where s.id is null or s.erased_at is not null) as erased,
                       count(*) filter (where s.id is not null and s.erased_at is null) as waiting
                from erasure_session l left join liveness_session s on s.id = l.session_id
                where l.erasure_id = e.id) l
            """;

    /** Lists the person's sessions, so many at most. No row when the key has begun one. */
    private static final String BEGIN = """
            with person as (
                select id from liveness_session where caller = ? and reference = ? order by id limit ?
            ), begun as (
                insert into erasure (id, caller, key_hash, request_hash, requested_at, requested_by, begun_at, next_run_at, finished_at)
                select new_id(), ?, ?, ?, liveness_now(), ?, liveness_now(), liveness_now(),
                       case when not exists (select from person) then liveness_now() end
                on conflict (caller, key_hash) do nothing
                returning id
            ), listed as (
                insert into erasure_session (erasure_id, session_id) select begun.id, person.id from begun, person
            )
            select id, (select count(*) from person) as sessions from begun
            """;

    private final Batch batch;
    private final Encryption encryption;

    Erasures(Batch batch, Encryption encryption) {
        this.batch = batch;
        this.encryption = encryption;
    }

    /** An erasure as its caller sees it. It never repeats the reference. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Erasure(
            UUID id, Status status, Instant requestedAt, Instant finishedAt, int sessionsErased, int sessionsWaiting) {

        enum Status {
            /** Sessions are being erased, or wait for their end. */
            RUNNING,
            /** All of its sessions are erased. */
            DONE
        }

        private static Erasure of(ResultSet row) throws SQLException {
            Instant finished = Sql.time(row, "finished_at");
            return new Erasure(
                    row.getObject("id", UUID.class),
                    finished == null ? Status.RUNNING : Status.DONE,
                    Sql.time(row, "requested_at"),
                    finished,
                    row.getInt("erased"),
                    row.getInt("waiting"));
        }
    }

    /** @param replayed whether an earlier request with the same key began it */
    record Started(Erasure erasure, boolean replayed) {}

    private record Known(Erasure erasure, byte[] requestHash) {}

    private record Begun(UUID id, int sessions) {}

    /**
     * Begins an erasure of the sessions that are stored by now. Fails when the key was used for another reference, or when too many
     * sessions have the reference.
     *
     * @param actor the caller or person that is recorded
     */
    Started start(String caller, String actor, String key, String reference) {
        return batch.transact(connection -> {
            Optional<Begun> begun = Sql.first(
                    connection,
                    BEGIN,
                    row -> new Begun(row.getObject("id", UUID.class), row.getInt("sessions")),
                    caller,
                    reference,
                    MOST_SESSIONS + 1,
                    caller,
                    encryption.lookupHash(ofKey(caller, key)),
                    encryption.lookupHash(ofRequest(caller, key, reference)),
                    actor);
            if (begun.isEmpty()) {
                return new Started(known(connection, caller, key, reference), true);
            }
            if (begun.get().sessions() > MOST_SESSIONS) {
                throw ProblemException.invalid(
                        "reference",
                        "must be that of one person: more than " + MOST_SESSIONS
                                + " sessions have it; nothing was erased");
            }
            return new Started(
                    Sql.first(
                                    connection,
                                    VIEW + "where e.id = ?",
                                    Erasure::of,
                                    begun.get().id())
                            .orElseThrow(),
                    false);
        });
    }

    private Erasure known(Connection connection, String caller, String key, String reference) throws SQLException {
        Known known = Sql.first(
                        connection,
                        VIEW + "where e.caller = ? and e.key_hash = ? order by e.id limit 1",
                        row -> new Known(Erasure.of(row), row.getBytes("request_hash")),
                        caller,
                        encryption.lookupHash(ofKey(caller, key)))
                .orElseThrow();
        if (!MessageDigest.isEqual(encryption.lookupHash(ofRequest(caller, key, reference)), known.requestHash())) {
            throw IdempotencyKey.reused();
        }
        return known.erasure();
    }

    /** The key may name the person, so its hash is stored. */
    private static String ofKey(String caller, String key) {
        return "erasure-key/" + caller.length() + "/" + caller + "/" + key;
    }

    /**
     * The hash depends on the key: without the key, it does not confirm a reference. A key has no blank, so the blank separates it from the
     * reference.
     */
    private static String ofRequest(String caller, String key, String reference) {
        return "erasure-request/" + caller.length() + "/" + caller + "/" + key + " " + reference;
    }

    Erasure get(UUID id, String caller) {
        return batch.read(connection ->
                        Sql.first(connection, VIEW + "where e.id = ? and e.caller = ?", Erasure::of, id, caller))
                .orElseThrow(ProblemException::notFound);
    }

    /** Newest first, from the one after {@code after} on. */
    List<Erasure> list(String caller, Optional<UUID> after, int rows) {
        return batch.read(connection -> Sql.list(
                connection,
                VIEW + "where e.caller = ? and e.id < ? order by e.id desc limit ?",
                Erasure::of,
                caller,
                after.orElse(LAST),
                rows));
    }
}
