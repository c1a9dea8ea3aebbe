package io.liveness.gateway.books.audit;

import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.query.Page;
import io.liveness.gateway.platform.query.PageQuery;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Roles;
import io.vertx.core.json.JsonObject;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The audit list over HTTP, newest first. */
@Path("/v1/audit")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
class AuditResource {

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

    AuditResource(Batch batch) {
        this.batch = batch;
    }

    /** The query, as it was written: {@code from} inclusive, {@code to} exclusive. */
    static class Query extends PageQuery {

        // A caller's name, a slash, and a person's.
        private static final int MAX_WHO = 512;
        private static final int MAX_WHAT = 64;

        @QueryParam("from")
        String from;

        @QueryParam("to")
        String to;

        @QueryParam("who")
        String who;

        @QueryParam("what")
        String what;
    }

    /** An entry as the API tells it. */
    record Entry(UUID id, Instant at, String who, String what, String subject, Map<String, Object> detail) {}

    @GET
    public Page<Entry> list(@BeanParam Query query) {
        Optional<String> who = Parameters.optionalText("who", query.who, Query.MAX_WHO);
        Optional<String> what = Parameters.optionalText("what", query.what, Query.MAX_WHAT);
        Optional<Instant> from = Parameters.optional("from", query.from, Parameters::time);
        Optional<Instant> to = Parameters.optional("to", query.to, Parameters::time);
        return query.page(
                List.of(who, what, from, to),
                (after, rows) -> batch.read(
                        Batch.OF_A_REQUEST,
                        connection ->
                                Sql.list(connection, PAGE, AuditResource::entry, who, what, from, to, after, rows)),
                Entry::id);
    }

    private static Entry entry(ResultSet row) throws SQLException {
        return new Entry(
                row.getObject("id", UUID.class),
                Sql.time(row, "at"),
                row.getString("who"),
                row.getString("what"),
                row.getString("subject"),
                new JsonObject(row.getString("detail")).getMap());
    }
}
