package io.liveness.gateway.statement.difference;

import io.liveness.gateway.platform.export.FileType;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Page;
import io.liveness.gateway.platform.query.PageToken;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
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
    private static final MediaType JSON = MediaType.APPLICATION_JSON_TYPE.withCharset("UTF-8");

    private final ListDifferences differences;
    private final ExportDifferences files;
    private final SecurityIdentity identity;

    DifferenceResource(ListDifferences differences, ExportDifferences files, SecurityIdentity identity) {
        this.differences = differences;
        this.files = files;
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
                            + " incomplete: request it again.")
    @APIResponse(responseCode = "200", ref = "Differences")
    public Uni<Response> list(
            @PathParam("id") @Parameter(ref = "StatementId") String id,
            @BeanParam DifferenceQuery query,
            @Context HttpHeaders headers,
            @Context RoutingContext request) {
        UUID statement = Parameters.uuid("id", id);
        DifferenceFilter filter = query.filter();
        ZoneId zone = query.zone();
        Optional<FileType> file = FileType.wanted(headers.getAcceptableMediaTypes());
        if (file.isPresent()) {
            query.requireNone();
            // The file is the whole answer: nothing is returned.
            return differences
                    .isThere(statement)
                    .invoke(there -> {
                        if (!there) {
                            throw ProblemException.notFound();
                        }
                    })
                    .chain(() -> files.send(statement, filter, identity, file.get(), zone, request.request()))
                    .map(sent -> null);
        }
        return page(statement, filter, query)
                .map(page -> Response.ok(page, JSON).build());
    }

    private Uni<DifferencePage> page(UUID statement, DifferenceFilter filter, DifferenceQuery query) {
        List<?> place = List.of(statement, filter.fingerprint());
        int size = query.size();
        return differences
                .page(statement, filter, query.after(place), size + 1)
                .map(found -> Page.of(
                        found.orElseThrow(ProblemException::notFound),
                        size,
                        DifferenceView::of,
                        row -> new PageToken(row.id()).encode(place),
                        DifferencePage::new));
    }
}
