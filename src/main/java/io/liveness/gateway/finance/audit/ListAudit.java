package io.liveness.gateway.finance.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** Lists entries by page, newest first. */
@Singleton
class ListAudit {

    /** A null in {@code f} selects all. */
    private static final String PAGE = """
            select a.id, a.at, a.who, a.what, a.subject, a.detail
            from (select ?::text as who, ?::text as what, ?::timestamptz as from_at, ?::timestamptz as to_at, ?::uuid as after) f,
                 audit_entry a
            where (f.who is null or a.who = f.who)
              and (f.what is null or a.what = f.what)
              and (f.from_at is null or a.at >= f.from_at)
              and (f.to_at is null or a.at < f.to_at)
              and (f.after is null or (a.at, a.id) < ((select p.at from audit_entry p where p.id = f.after), f.after))
            order by a.at desc, a.id desc
            limit ?
            """;

    private final Batch batch;

    ListAudit(Batch batch) {
        this.batch = batch;
    }

    /**
     * Which entries are listed.
     *
     * @param from inclusive
     * @param to exclusive
     */
    record Filter(Optional<String> who, Optional<String> what, Optional<Instant> from, Optional<Instant> to) {

        /** What a page token is bound to. */
        List<?> fingerprint() {
            return List.of(who, what, from, to);
        }
    }

    /** An entry as the API tells it. */
    record Entry(UUID id, Instant at, String who, String what, String subject, Map<String, String> detail) {}

    /** A page of the audit list. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Listed(List<Entry> items, String nextPageToken) {}

    /**
     * As many entries as are wanted, fewer when there are no more.
     *
     * @param after the last entry of the page before
     */
    List<Entry> read(Filter filter, Optional<UUID> after, int rows) {
        return batch.read(
                Batch.OF_A_REQUEST,
                connection -> Sql.list(
                        connection,
                        PAGE,
                        ListAudit::entry,
                        filter.who(),
                        filter.what(),
                        filter.from(),
                        filter.to(),
                        after,
                        rows));
    }

    private static Entry entry(ResultSet row) throws SQLException {
        return new Entry(
                row.getObject("id", UUID.class),
                Sql.time(row, "at"),
                row.getString("who"),
                row.getString("what"),
                row.getString("subject"),
                texts(new JsonObject(row.getString("detail"))));
    }

    private static Map<String, String> texts(JsonObject detail) {
        Map<String, String> texts = new TreeMap<>();
        detail.forEach(field -> texts.put(field.getKey(), String.valueOf(field.getValue())));
        return texts;
    }
}
