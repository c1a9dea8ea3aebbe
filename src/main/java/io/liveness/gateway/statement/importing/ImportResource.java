package io.liveness.gateway.statement.importing;

import io.liveness.gateway.platform.CallerContext;
import io.liveness.gateway.platform.export.FileType;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.liveness.gateway.statement.StatementView;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.concurrent.Executor;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Imports over HTTP. */
@Path(ImportResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
@Tag(ref = "Statements")
class ImportResource {

    static final String PATH = "/v1/statements";
    static final String PREVIEW = "/preview";

    private final ImportPlaces places;
    private final SecurityIdentity identity;

    ImportResource(ImportPlaces places, SecurityIdentity identity) {
        this.places = places;
        this.identity = identity;
    }

    @POST
    @Consumes({FileType.TEXT_CSV, FileType.SPREADSHEET})
    @Operation(
            operationId = "importStatement",
            summary = "Imports a bill of the vendor and matches it with our books",
            description =
                    "The body is the file: CSV in UTF-8 or GB18030, or XLSX, of which the first sheet is read. The same"
                            + " bytes under the same mapping are one statement. No line is kept of a file that cannot be used as a"
                            + " whole. An unreadable line is reported, and the other lines are still read.")
    @RequestBody(ref = "StatementFile")
    @APIResponse(responseCode = "200", ref = "ImportedBefore")
    @APIResponse(responseCode = "201", ref = "Imported")
    @APIResponse(responseCode = "202", ref = "ImportUnderWay")
    @APIResponse(responseCode = "413", ref = "FileTooLarge")
    @APIResponse(responseCode = "503", ref = "Busy")
    public Uni<Response> importFile(InputStream file, @BeanParam ImportQuery query, @Context HttpHeaders headers) {
        Executor context = CallerContext.capture();
        return places.run(Caller.of(identity), Caller.actor(identity), SentFile.of(file, headers.getMediaType()), query)
                .emitOn(context)
                .map(ImportResource::response);
    }

    @POST
    @Path(PREVIEW)
    @Consumes({FileType.TEXT_CSV, FileType.SPREADSHEET})
    @Operation(
            operationId = "previewStatement",
            summary = "Shows the first lines of a file, raw and as they are read",
            description = "Nothing is stored.")
    @RequestBody(ref = "StatementFile")
    @APIResponse(responseCode = "200", ref = "StatementPreview")
    @APIResponse(responseCode = "413", ref = "FileTooLarge")
    @APIResponse(responseCode = "503", ref = "Busy")
    public Uni<PreviewView> preview(InputStream file, @BeanParam PreviewQuery query, @Context HttpHeaders headers) {
        Executor context = CallerContext.capture();
        return places.preview(
                        Caller.of(identity), Caller.actor(identity), SentFile.of(file, headers.getMediaType()), query)
                .emitOn(context);
    }

    private static Response response(ImportStatement.Answer answer) {
        StatementView view = StatementView.of(answer.statement());
        // As text: the framework would complete a URI by the request, which is not at hand on the thread that has done
        // the work.
        String location = PATH + "/" + view.id();
        return switch (answer.outcome()) {
            case KNOWN -> Response.ok(view).build();
            case DONE ->
                Response.status(Response.Status.CREATED)
                        .entity(view)
                        .header("Location", location)
                        .build();
            case UNDER_WAY ->
                Response.accepted(view).header("Location", location).build();
        };
    }
}
