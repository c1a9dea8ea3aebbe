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
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The results of a statement over HTTP. */
@Path("/v1/statements")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
@Tag(ref = "Statements")
@APIResponse(responseCode = "503", ref = "Busy")
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
    @Operation(
            operationId = "listStatementDifferences",
            summary = "Lists the results for a statement's lines and for the sessions of its period",
            description =
                    "Without a kind: the differences, in the order of the lines. Accept selects a page (JSON) or a file"
                            + " of all of them, kind by kind, for a claim to the vendor (CSV, XLSX). A file that breaks off is"
                            + " incomplete: request it again. While the statement is read and matched it has no results yet: 409.")
    @APIResponse(responseCode = "200", ref = "Differences")
    @APIResponse(responseCode = "409", ref = "StatementUnderWay")
    public Response list(
            @PathParam("id") @Parameter(ref = "StatementId") String id,
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
    @Operation(
            operationId = "sumStatementDifferences",
            summary = "Counts and sums the differences that a filter fits",
            description =
                    "By kind, with what acceptance adds to the ledger, to be read before all of them are accepted or"
                            + " confirmed. Without a state: those in any state.")
    @APIResponse(responseCode = "200", ref = "DifferenceSums")
    @APIResponse(responseCode = "409", ref = "StatementUnderWay")
    public SumDifferences.View sums(
            @PathParam("id") @Parameter(ref = "StatementId") String id,
            @QueryParam("kind") @Parameter(ref = "DifferenceKind") String kind,
            @QueryParam("state") @Parameter(ref = "DifferenceState") String state,
            @QueryParam("assignee") @Parameter(ref = "DifferenceAssignee") String assignee) {
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
    @Operation(
            operationId = "setStatementDifferenceNote",
            summary = "Sets the note and the assignee of a difference",
            description = "Replaces the earlier note and assignee. An absent field is removed.")
    @RequestBody(ref = "NoteDifference")
    @APIResponse(responseCode = "200", ref = "DifferenceNoted")
    @APIResponse(responseCode = "404", ref = "NotFound")
    @APIResponse(responseCode = "409", ref = "DifferenceConflict")
    public DifferenceView note(
            @PathParam("id") @Parameter(ref = "StatementId") String id,
            @PathParam("differenceId") @Parameter(ref = "DifferenceId") String differenceId,
            @NotNull(message = "is required") @Valid Note body) {
        UUID statement = Parameters.uuid("id", id);
        UUID difference = Parameters.uuid("differenceId", differenceId);
        Optional<String> note = Optional.ofNullable(body.note).map(given -> Parameters.text("note", given, 1, TEXT));
        notes.note(
                statement, difference, note, DifferenceFilter.checkedAssignee(body.assignee), Caller.actor(identity));
        return differences.of(statement, List.of(difference)).get(0);
    }

    /** The note and the assignee of a difference. */
    @Schema(
            name = "DifferenceNote",
            description = "A note about a difference and its assignee. An absent field is removed.",
            additionalProperties = Schema.False.class)
    record Note(
            @Schema(description = "Free text for readers.", minLength = 1, maxLength = TEXT)
            String note,

            @Schema(
                    description = "The name of the assignee; the list can be filtered by it.",
                    minLength = 1,
                    maxLength = DifferenceFilter.ASSIGNEE)
            String assignee) {}
}
