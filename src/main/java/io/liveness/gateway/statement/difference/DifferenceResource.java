package io.liveness.gateway.statement.difference;

import io.liveness.gateway.finance.audit.Audit;
import io.liveness.gateway.platform.export.Exports;
import io.liveness.gateway.platform.export.FileType;
import io.liveness.gateway.platform.query.Page;
import io.liveness.gateway.platform.query.PageToken;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The results of a statement over HTTP. */
@Path("/v1/statements")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
class DifferenceResource {

    /** As the framework writes it where an operation has no other type. */
    static final MediaType JSON = MediaType.APPLICATION_JSON_TYPE.withCharset("UTF-8");

    /** The longest note, in characters. */
    private static final int TEXT = 500;

    private final ListDifferences differences;
    private final SumDifferences sums;
    private final NoteDifference notes;
    private final Exports exports;
    private final Audit audit;
    private final Clock clock;
    private final SecurityIdentity identity;

    DifferenceResource(
            ListDifferences differences,
            SumDifferences sums,
            NoteDifference notes,
            Exports exports,
            Audit audit,
            Clock clock,
            SecurityIdentity identity) {
        this.differences = differences;
        this.sums = sums;
        this.notes = notes;
        this.exports = exports;
        this.audit = audit;
        this.clock = clock;
        this.identity = identity;
    }

    @GET
    @Path("/{id}/differences")
    @Produces({MediaType.APPLICATION_JSON, FileType.TEXT_CSV, FileType.SPREADSHEET})
    public Response list(
            @PathParam("id") String id,
            @BeanParam DifferenceFilter.Query query,
            @Context HttpHeaders headers,
            @Context RoutingContext request) {
        UUID statement = Parameters.uuid("id", id);
        DifferenceFilter filter = DifferenceFilter.of(query.kind, query.state, query.assignee);
        ZoneId zone = query.zone();
        Optional<FileType> file = FileType.wanted(headers.getAcceptableMediaTypes());
        if (file.isPresent()) {
            query.requireNone();
            differences.requireResults(statement);
            return file(statement, filter, file.get(), zone, request.request());
        }
        List<?> place = List.of(statement, filter.fingerprint());
        int size = query.size();
        DifferenceView.Page page = Page.of(
                differences.page(statement, filter, query.after(place), size + 1),
                size,
                row -> row,
                row -> new PageToken(row.id()).encode(place),
                DifferenceView.Page::new);
        return Response.ok(page, JSON).build();
    }

    @GET
    @Path("/{id}/differences/sums")
    public SumDifferences.View sums(
            @PathParam("id") String id,
            @QueryParam("kind") String kind,
            @QueryParam("state") String state,
            @QueryParam("assignee") String assignee) {
        return sums.sums(Parameters.uuid("id", id), DifferenceFilter.of(kind, state, assignee));
    }

    /** A claim to the vendor, on the audit list before its first byte. */
    private Response file(
            UUID statement, DifferenceFilter filter, FileType type, ZoneId zone, HttpServerRequest request) {
        Caller by = Caller.of(identity);
        String actor = Caller.actor(identity);
        ListDifferences.Claim table = new ListDifferences.Claim(statement, filter, by.name(), clock.instant(), zone);
        Map<String, String> detail = new LinkedHashMap<>(filter.text());
        detail.put("statement", statement.toString());
        detail.put("type", type.label());
        detail.put("timeZone", zone.getId());
        Runnable recorded = () -> audit.recordExport(table.name(), actor, detail);
        return exports.answer(new Exports.Order(by, type, zone, table, recorded), request);
    }

    @PUT
    @Path("/{id}/differences/{differenceId}/note")
    @Consumes(MediaType.APPLICATION_JSON)
    public DifferenceView note(
            @PathParam("id") String id,
            @PathParam("differenceId") String differenceId,
            @NotNull(message = "is required") @Valid Note body) {
        UUID statement = Parameters.uuid("id", id);
        UUID difference = Parameters.uuid("differenceId", differenceId);
        Optional<String> note = Optional.ofNullable(body.note).map(given -> Parameters.text("note", given, 1, TEXT));
        notes.note(
                statement, difference, note, DifferenceFilter.checkedAssignee(body.assignee), Caller.actor(identity));
        return differences.of(statement, List.of(difference)).get(0);
    }

    /** The note and the assignee of a difference. */
    record Note(String note, String assignee) {}
}
