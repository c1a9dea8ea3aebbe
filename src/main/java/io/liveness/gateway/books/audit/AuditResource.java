package io.liveness.gateway.books.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.postgres.Where;
import io.liveness.gateway.platform.query.Page;
import io.liveness.gateway.platform.query.PageQuery;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Person;
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

    private static final String PAGE = """
            select id, at, who, person, what, subject, detail
            from audit_entry
            %s
            order by at desc, id desc
            limit ?
            """;

    private final Batch batch;

    AuditResource(Batch batch) {
        this.batch = batch;
    }

    /** The query, as it was written: {@code from} inclusive, {@code to} exclusive. */
    static class AuditQuery extends PageQuery {

        // A caller's name, a slash, and a person's.
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

    /** An entry as the API tells it. @param person null for a service */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record AuditEntry(
            UUID id, Instant at, String who, Person person, String what, String subject, Map<String, Object> detail) {}

    @GET
    public Page<AuditEntry> list(@BeanParam AuditQuery query) {
        Optional<String> who = Parameters.optionalText("who", query.who, Caller.LONGEST_ACTOR);
        Optional<String> what = Parameters.optionalText("what", query.what, AuditQuery.MAX_WHAT);
        Optional<Instant> from = Parameters.optional("from", query.from, Parameters::time);
        Optional<Instant> to = Parameters.optional("to", query.to, Parameters::time);
        List<?> filters = List.of(who, what, from, to);
        Where where = new Where()
                .and("who = ?", who)
                .and("what = ?", what)
                .and("at >= ?", from)
                .and("at < ?", to)
                .and("(at, id) < ((select last.at from audit_entry last where last.id = ?), ?)", query.after(filters));
        int rows = query.size() + 1;
        List<AuditEntry> entries = batch.read(
                Batch.OF_A_REQUEST,
                connection -> Sql.list(connection, PAGE.formatted(where), AuditResource::entry, where, rows));
        return query.page(entries, filters, AuditEntry::id);
    }

    private static AuditEntry entry(ResultSet row) throws SQLException {
        return new AuditEntry(
                row.getObject("id", UUID.class),
                Sql.time(row, "at"),
                row.getString("who"),
                Person.of(row.getString("person")).orElse(null),
                row.getString("what"),
                row.getString("subject"),
                new JsonObject(row.getString("detail")).getMap());
    }
}
