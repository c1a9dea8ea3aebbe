package io.liveness.gateway.retention.erasure;

import com.github.f4b6a3.uuid.UuidCreator;
import io.liveness.gateway.platform.encryption.Encryption;
import io.liveness.gateway.platform.http.IdempotencyKey;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.problem.ProblemException;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Stores erasures and reads them; {@link RunErasures} erases their sessions. A caller reads its own erasures only; another caller's is not
 * found. An operator lists the records of all, and repeats them on a database that was restored from a backup.
 */
@Singleton
class Erasures {

    /** Sessions of one erasure at most: a reference with more is not that of one person. */
    static final int MOST_SESSIONS = 1_000;

    /** Greater than every id. */
    private static final UUID LAST = new UUID(-1, -1);

    /** By how much the clocks of replicas and of the database may differ. */
    private static final Duration CLOCKS = Duration.ofDays(1);

    private static final String VIEW = """
            select e.id, e.requested_at, e.finished_at, e.request_hash,
                   (select count(l.erased_at) from erasure_session l where l.erasure_id = e.id) as erased,
                   (select count(*) from erasure_session l where l.erasure_id = e.id and l.erased_at is null) as waiting
            from erasure e
            """;

    private final Batch batch;
    private final Encryption encryption;
    private final Clock clock;

    Erasures(Batch batch, Encryption encryption, Clock clock) {
        this.batch = batch;
        this.encryption = encryption;
        this.clock = clock;
    }

    /** @param replayed whether an earlier request with the same key began it */
    record Started(ErasureView erasure, boolean replayed) {}

    private record Known(ErasureView erasure, byte[] requestHash) {}

    /**
     * Begins an erasure of the sessions that are stored by now. Fails when the key was used for another reference, or when too many
     * sessions have the reference.
     *
     * @param actor the caller or person that is recorded
     */
    Started start(String caller, String actor, String key, String reference) {
        return batch.transact(connection -> {
            Optional<Started> known = known(connection, caller, key, reference);
            if (known.isPresent()) {
                return known.get();
            }
            UUID[] sessions = Sql.list(
                            connection,
                            "select id from liveness_session where caller = ? and reference = ? order by id limit ?",
                            row -> row.getObject("id", UUID.class),
                            caller,
                            reference,
                            MOST_SESSIONS + 1)
                    .toArray(UUID[]::new);
            if (sessions.length > MOST_SESSIONS) {
                throw ProblemException.invalid(
                        "reference",
                        "must be that of one person: more than " + MOST_SESSIONS
                                + " sessions have it; nothing was erased");
            }
            UUID id = UuidCreator.getTimeOrderedEpoch(clock.instant());
            return store(connection, id, caller, actor, key, reference, sessions.length == 0)
                    ? new Started(list(connection, id, sessions), false)
                    // Another request with the key was stored meanwhile.
                    : known(connection, caller, key, reference).orElseThrow();
        });
    }

    private Optional<Started> known(Connection connection, String caller, String key, String reference)
            throws SQLException {
        Optional<Known> known = Sql.first(
                connection,
                VIEW + "where e.caller = ? and e.key_hash = any (?) order by e.id limit 1",
                row -> new Known(ErasureView.of(row), row.getBytes("request_hash")),
                caller,
                connection.createArrayOf("bytea", encryption.lookupHashes(ofKey(caller, key))));
        if (known.isPresent()
                && Arrays.stream(encryption.lookupHashes(ofRequest(caller, key, reference)))
                        .noneMatch(
                                hash -> MessageDigest.isEqual(hash, known.get().requestHash()))) {
            throw IdempotencyKey.reused();
        }
        return known.map(one -> new Started(one.erasure(), true));
    }

    private boolean store(
            Connection connection,
            UUID id,
            String caller,
            String actor,
            String key,
            String reference,
            boolean nothingToErase)
            throws SQLException {
        return Sql.execute(
                        connection,
                        """
                        insert into erasure (id, caller, key_hash, request_hash, requested_at, requested_by, begun_at, next_run_at,
                                             finished_at)
                        values (?, ?, ?, ?, liveness_now(), ?, liveness_now(), liveness_now(),
                                case when ? then liveness_now() end)
                        on conflict (caller, key_hash) do nothing
                        """,
                        id,
                        caller,
                        encryption.lookupHash(ofKey(caller, key)),
                        encryption.lookupHash(ofRequest(caller, key, reference)),
                        actor,
                        nothingToErase)
                == 1;
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

    private static ErasureView list(Connection connection, UUID id, UUID[] sessions) throws SQLException {
        Sql.execute(
                connection,
                "insert into erasure_session (erasure_id, session_id) select ?, unnest(?::uuid[])",
                id,
                connection.createArrayOf("uuid", sessions));
        return Sql.first(connection, VIEW + "where e.id = ?", ErasureView::of, id)
                .orElseThrow();
    }

    ErasureView get(UUID id, String caller) {
        return batch.read(connection ->
                        Sql.first(connection, VIEW + "where e.id = ? and e.caller = ?", ErasureView::of, id, caller))
                .orElseThrow(ProblemException::notFound);
    }

    /**
     * A page, newest first, and one erasure more when another page follows.
     *
     * @param after the last one of the page before
     */
    List<ErasureView> list(String caller, Optional<UUID> after, int pageSize) {
        return batch.read(connection -> Sql.list(
                connection,
                VIEW + "where e.caller = ? and e.id < ? order by e.id desc limit ?",
                ErasureView::of,
                caller,
                after.orElse(LAST),
                pageSize + 1));
    }

    /**
     * A page of the records of all callers, oldest first, and one record more when another page follows.
     *
     * @param after the last one of the page before
     */
    List<ErasureRecord> records(Instant since, Optional<UUID> after, int pageSize) {
        return batch.read(connection -> Sql.list(
                connection,
                """
                select e.id, e.caller, e.requested_at,
                       array(select session_id from erasure_session l where l.erasure_id = e.id order by session_id) as sessions
                from erasure e
                where e.id > ? and e.requested_at >= ?
                order by e.id limit ?
                """,
                row -> new ErasureRecord(
                        row.getObject("id", UUID.class),
                        row.getString("caller"),
                        Sql.time(row, "requested_at"),
                        List.of((UUID[]) row.getArray("sessions").getArray())),
                after.orElseGet(() -> firstId(since)),
                since,
                pageSize + 1));
    }

    /** The lowest id to read: an id has the time of its replica's clock, which may differ from the database's. */
    private static UUID firstId(Instant since) {
        return since.isBefore(Instant.EPOCH.plus(CLOCKS))
                ? UuidCreator.getTimeOrderedEpochMin(Instant.EPOCH)
                : UuidCreator.getTimeOrderedEpochMin(since.minus(CLOCKS));
    }

    private record Found(int sessions, int toErase) {}

    /**
     * Stores a record again, if it is missing, and has its sessions erased that are there and are not. A session of another caller counts
     * as missing. Sending the same record again changes nothing.
     *
     * @param actor the caller or person that is recorded
     */
    ErasureRecord.Repeated repeat(ErasureRecord.Repeat record, String actor) {
        UUID id = record.erasure();
        String caller = record.owner();
        Instant requestedAt = record.time();
        UUID[] sessions = record.sessions();
        return batch.transact(connection -> {
            boolean stored = Sql.execute(connection, """
                    insert into erasure (id, caller, requested_at, requested_by, begun_at, next_run_at)
                    values (?, ?, ?, ?, liveness_now(), liveness_now())
                    on conflict (id) do nothing
                    """, id, caller, requestedAt, actor) == 1;
            if (!stored && !isOf(connection, id, caller, sessions)) {
                throw ProblemException.invalid("id", "is an erasure of another caller or of other sessions");
            }
            Sql.execute(connection, """
                    insert into erasure_session (erasure_id, session_id, erased_at)
                    select ?, n.id, case when s.id is null then liveness_now() else s.erased_at end
                    from unnest(?::uuid[]) n (id) left join liveness_session s on s.id = n.id and s.caller = ?
                    on conflict (erasure_id, session_id) do update
                    set erased_at = case when excluded.erased_at is not null
                                         then coalesce(erasure_session.erased_at, excluded.erased_at) end
                    """, id, connection.createArrayOf("uuid", sessions), caller);
            Found found = Sql.first(
                            connection,
                            """
                    select count(*) as sessions, count(*) filter (where erased_at is null) as to_erase
                    from liveness_session where id = any (?) and caller = ?
                    """,
                            row -> new Found(row.getInt("sessions"), row.getInt("to_erase")),
                            connection.createArrayOf("uuid", sessions),
                            caller)
                    .orElseThrow();
            if (found.toErase() > 0) {
                Sql.execute(connection, """
                        update erasure set begun_at = liveness_now(), next_run_at = liveness_now(), requested_by = ?, finished_at = null
                        where id = ?
                        """, actor, id);
            }
            return new ErasureRecord.Repeated(id, found.sessions(), sessions.length - found.sessions());
        });
    }

    private static boolean isOf(Connection connection, UUID id, String caller, UUID[] sessions) throws SQLException {
        return Sql.first(
                        connection,
                        """
                        select 1 from erasure e
                        where e.id = ? and e.caller = ?
                          and (select count(*) from erasure_session l where l.erasure_id = e.id and l.session_id = any (?)) = ?
                        for update
                        """,
                        row -> true,
                        id,
                        caller,
                        connection.createArrayOf("uuid", sessions),
                        sessions.length)
                .isPresent();
    }
}
