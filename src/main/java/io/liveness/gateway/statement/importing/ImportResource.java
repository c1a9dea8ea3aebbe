package io.liveness.gateway.statement.importing;

import io.liveness.gateway.platform.export.FileType;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.liveness.gateway.statement.ImportOrder;
import io.liveness.gateway.statement.StatementView;
import io.liveness.gateway.statement.mapping.NamedMapping;
import io.liveness.gateway.statement.mapping.StoreMappings;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
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

    private final ImportStatement imports;
    private final PreviewFile previews;
    private final StoreMappings mappings;
    private final SecurityIdentity identity;

    ImportResource(ImportStatement imports, PreviewFile previews, StoreMappings mappings, SecurityIdentity identity) {
        this.imports = imports;
        this.previews = previews;
        this.mappings = mappings;
        this.identity = identity;
    }

    @POST
    @Consumes({FileType.TEXT_CSV, FileType.SPREADSHEET})
    @Operation(
            operationId = "importStatement",
            summary = "Imports a bill of the vendor and matches it with our books",
            description =
                    "The body is the file: CSV in UTF-8, GB18030 or UTF-16, or XLSX, of which the first visible sheet with the header is read. The same"
                            + " bytes under the same mapping are one statement. No line is kept of a file that cannot be used as a"
                            + " whole. An unreadable line is reported, and the other lines are still read.")
    @RequestBody(ref = "StatementFile")
    @APIResponse(responseCode = "200", ref = "ImportedBefore")
    @APIResponse(responseCode = "201", ref = "Imported")
    @APIResponse(responseCode = "202", ref = "ImportUnderWay")
    @APIResponse(responseCode = "413", ref = "FileTooLarge")
    @APIResponse(responseCode = "503", ref = "Busy")
    public Response importFile(InputStream file, @BeanParam ImportQuery query, @Context HttpHeaders headers) {
        ImportOrder order = query.order(mapping(query), Caller.actor(identity));
        return response(imports.run(Caller.of(identity), SentFile.of(file, headers.getMediaType()), order));
    }

    @POST
    @Path(PREVIEW)
    @Consumes({FileType.TEXT_CSV, FileType.SPREADSHEET})
    @Operation(
            operationId = "previewStatement",
            summary = "Shows the first lines of a file, raw and as they are read",
            description = "Nothing is stored. With `guess` the columns are those that the names in the header and the"
                    + " first lines suggest; the answer has them as a mapping, to be looked through and saved.")
    @RequestBody(ref = "StatementFile")
    @APIResponse(responseCode = "200", ref = "StatementPreview")
    @APIResponse(responseCode = "413", ref = "FileTooLarge")
    @APIResponse(responseCode = "503", ref = "Busy")
    public PreviewView preview(
            InputStream file,
            @BeanParam PreviewQuery query,
            @QueryParam("guess") @Parameter(ref = "PreviewGuess") String guess,
            @Context HttpHeaders headers) {
        boolean guessed = guess != null && Parameters.flag("guess", guess);
        SentFile sent = SentFile.of(file, headers.getMediaType());
        return previews.preview(Caller.of(identity), sent, mapping(query), guessed);
    }

    private NamedMapping mapping(PreviewQuery query) {
        return mappings.forImport(query.checkedMapping())
                .orElseThrow(() -> ProblemException.invalid("mapping", "no mapping has that name"));
    }

    private static Response response(ImportStatement.Answer answer) {
        StatementView view = answer.statement().view();
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
