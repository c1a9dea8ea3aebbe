package io.liveness.gateway.statement.mapping;

import io.liveness.gateway.platform.export.FileType;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Templates over HTTP. */
@Path(MappingResource.PATH)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
@Tag(ref = "Statements")
class TemplateResource {

    private static final MediaType CSV = MediaType.valueOf(FileType.TEXT_CSV);
    private static final MediaType WORKBOOK = MediaType.valueOf(FileType.SPREADSHEET);

    private final StoreMappings mappings;

    TemplateResource(StoreMappings mappings) {
        this.mappings = mappings;
    }

    @GET
    @Path("/{name}/template")
    @Produces({MappingName.CSV, FileType.SPREADSHEET})
    @Operation(
            operationId = "getStatementTemplate",
            summary = "Downloads a template file with the columns of a mapping",
            description =
                    "CSV (RFC 4180) in UTF-8 with a byte order mark, or XLSX, by `Accept`. It has one sample line for"
                            + " each status word.")
    @APIResponse(responseCode = "200", ref = "Template")
    public Response template(
            @PathParam("name") @Parameter(ref = "MappingName") String name, @Context HttpHeaders headers) {
        Mapping mapping = mappings.byName(MappingName.checked("name", name))
                .orElseThrow(ProblemException::notFound)
                .mapping();
        Response.ResponseBuilder answer = prefersWorkbook(headers.getAcceptableMediaTypes())
                ? Response.ok(TemplateWorkbook.of(mapping), WORKBOOK)
                : Response.ok(Template.csv(mapping), MappingName.CSV);
        return answer.build();
    }

    /** CSV where both are as good. */
    private static boolean prefersWorkbook(List<MediaType> accepted) {
        return accepted.stream()
                .filter(range -> range.isCompatible(CSV) || range.isCompatible(WORKBOOK))
                .findFirst()
                .filter(range -> !range.isCompatible(CSV))
                .isPresent();
    }
}
