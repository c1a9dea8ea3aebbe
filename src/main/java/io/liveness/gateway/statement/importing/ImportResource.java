package io.liveness.gateway.statement.importing;

import io.liveness.gateway.platform.CallerContext;
import io.liveness.gateway.platform.export.FileType;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.liveness.gateway.statement.StatementView;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
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
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Imports over HTTP. */
@Path(ImportResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
@Tag(ref = "Statements")
@APIResponse(responseCode = "400", ref = "BadRequest")
@APIResponse(responseCode = "401", ref = "Unauthenticated")
@APIResponse(responseCode = "403", ref = "Forbidden")
@APIResponse(responseCode = "406", ref = "NotAcceptable")
@APIResponse(responseCode = "429", ref = "RateLimited")
@APIResponse(responseCode = "431", ref = "HeadersTooLarge")
@APIResponse(responseCode = "500", ref = "InternalError")
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
    @Blocking // the file is read as it comes
    @Operation(
            operationId = "importStatement",
            summary = "Imports a bill of the vendor and matches it with our books",
            description =
                    "The file itself as the body: CSV in UTF-8, else GB18030; or XLSX, of which the first sheet is read. The same bytes under the same mapping are one statement. Nothing is"
                            + " kept of a file that is of no use as a whole; a line that cannot be read is reported and stops no other.")
    @RequestBody(
            required = true,
            content = {
                @Content(
                        mediaType = FileType.TEXT_CSV,
                        schema = @Schema(type = SchemaType.STRING),
                        examples = @ExampleObject(name = "StatementFile", ref = "StatementFile")),
                @Content(
                        mediaType = FileType.SPREADSHEET,
                        schema = @Schema(type = SchemaType.STRING, format = "binary"))
            })
    @APIResponse(
            responseCode = "200",
            description = "It was imported before; nothing was done",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = StatementView.class),
                            examples = @ExampleObject(name = "Statement", ref = "Statement")))
    @APIResponse(
            responseCode = "201",
            description = "Imported and matched",
            headers = @Header(name = "Location", ref = "StatementLocation"),
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = StatementView.class),
                            examples = @ExampleObject(name = "Statement", ref = "Statement")))
    @APIResponse(
            responseCode = "202",
            description = "Received; it is read and matched in the background",
            headers = @Header(name = "Location", ref = "StatementLocation"),
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = StatementView.class),
                            examples = @ExampleObject(name = "StatementUnderWay", ref = "StatementUnderWay")))
    @APIResponse(responseCode = "413", ref = "FileTooLarge")
    @APIResponse(responseCode = "415", ref = "UnsupportedMediaType")
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
    @Blocking // the file is read as it comes
    @Operation(
            operationId = "previewStatement",
            summary = "Shows the first lines of a file, as it has them and as they are read",
            description = "Nothing is stored.")
    @RequestBody(
            required = true,
            content = {
                @Content(
                        mediaType = FileType.TEXT_CSV,
                        schema = @Schema(type = SchemaType.STRING),
                        examples = @ExampleObject(name = "StatementFile", ref = "StatementFile")),
                @Content(
                        mediaType = FileType.SPREADSHEET,
                        schema = @Schema(type = SchemaType.STRING, format = "binary"))
            })
    @APIResponse(
            responseCode = "200",
            description = "At most 20 of them",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = PreviewView.class),
                            examples = @ExampleObject(name = "StatementPreview", ref = "StatementPreview")))
    @APIResponse(responseCode = "413", ref = "FileTooLarge")
    @APIResponse(responseCode = "415", ref = "UnsupportedMediaType")
    @APIResponse(responseCode = "503", ref = "Busy")
    public PreviewView preview(InputStream file, @BeanParam PreviewQuery query, @Context HttpHeaders headers) {
        return places.preview(
                Caller.of(identity), Caller.actor(identity), SentFile.of(file, headers.getMediaType()), query);
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
