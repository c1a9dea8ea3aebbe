package io.liveness.gateway.check.retention;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.postgres.SqlValues;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/** The addresses of face images of sessions that passed: read for their caller, and redacted for good. */
@Singleton
public class FaceAddresses {

    // The address is no column of SessionRow: no other read needs it.
    private static final String READ = """
            select face_url_sealed from liveness_session where id = $1 and caller = $2 and status = 'PASSED'
            """;

    /** $1 the session. Until its transaction ends the address is not redacted: to stand as a part of a {@code with} query. */
    public static final String HELD =
            "select id from liveness_session where id = $1 and face_url_sealed is not null for share";

    /** $1 the session, $2 its caller, $3 the event's detail. No row for a session that is not the caller's. */
    private static final String REDACT = """
            with own as (
                select id, face_redacted_at from liveness_session
                where id = $1 and caller = $2 and status = 'PASSED'
                for no key update
            ), redacted as (
                update liveness_session s
                set face_url_sealed = null, face_redacted_at = liveness_now(), updated_at = liveness_now()
                from own
                where s.id = own.id and own.face_redacted_at is null
                returning s.id
            ), face_gone as (
                update session_end set face_since = null
                where caller = $2 and status = 'PASSED' and session_id = (select id from redacted)
            ), event as (
                insert into session_event (session_id, type, at, detail)
                select id, 'FACE_REDACTED', liveness_now(), $3 from redacted
            )
            select (select count(*) from redacted)::int from own
            """;

    /** The index {@code face_to_redact} finds what is due. */
    private static final String REDACT_DUE = """
            with due as (
                select s.id
                from session_end e join liveness_session s on s.id = e.session_id
                where e.face_since <= liveness_now() - ? * interval '1 millisecond' and s.face_url_sealed is not null
                order by e.face_since
                limit ?
                for no key update of s skip locked
            ), redacted as (
                update liveness_session s
                set face_url_sealed = null, face_redacted_at = liveness_now(), updated_at = liveness_now()
                from due
                where s.id = due.id
                returning s.id, s.caller, s.status, s.face_redacted_at
            ), face_gone as (
                update session_end e set face_since = null
                from redacted r
                where e.caller = r.caller and e.status = r.status and e.session_id = r.id
            )
            insert into session_event (session_id, type, at, detail)
            select id, 'FACE_REDACTED', face_redacted_at, '{"by": "retention"}' from redacted
            """;

    /** $1 the retention in milliseconds. Counts 10,000 at most. */
    public static final String DUE = """
            select count(*) as due, coalesce(extract(epoch from liveness_now() - min(face_since)) - $1::float8 / 1000, 0) as seconds
            from (select face_since from session_end
                  where face_since <= liveness_now() - $1::float8 * interval '1 millisecond'
                  order by face_since limit 10000) due
            """;

    private final Database database;

    FaceAddresses(Database database) {
        this.database = database;
    }

    /** The sealed address of an own session, which fails with not-found when there is none; empty once it is redacted. */
    public Uni<Optional<byte[]>> read(UUID session, String caller) {
        return database.read(READ, Tuple.of(session, caller))
                .map(Database::only)
                .map(row -> Optional.ofNullable(row.getBuffer(0)).map(Buffer::getBytes));
    }

    /**
     * Redacts the address of an own session, which fails with not-found when there is none.
     *
     * @param actor for the record
     * @return how many addresses: none the second time
     */
    public Uni<Integer> redact(UUID session, String caller, String actor) {
        return database.execute(REDACT, Tuple.of(session, caller, SqlValues.detail("by", actor)))
                .map(Database::only)
                .map(own -> own.getInteger(0));
    }

    /**
     * Redacts addresses that came so long ago.
     *
     * @param most of them
     * @return how many
     */
    public int redactDue(Connection connection, double cameMillisAgo, int most) throws SQLException {
        return Sql.execute(connection, REDACT_DUE, cameMillisAgo, most);
    }
}
