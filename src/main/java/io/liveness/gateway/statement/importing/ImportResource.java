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

/** Imports over HTTP. */
@Path(ImportResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
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
    public Response importFile(InputStream file, @BeanParam ImportQuery query, @Context HttpHeaders headers) {
        ImportOrder order = query.order(named(query.checkedMapping()), Caller.actor(identity));
        return response(imports.run(Caller.of(identity), SentFile.of(file, headers.getMediaType()), order));
    }

    @POST
    @Path(PREVIEW)
    @Consumes({FileType.TEXT_CSV, FileType.SPREADSHEET})
    public PreviewFile.View preview(
            InputStream file,
            @QueryParam("mapping") String mapping,
            @QueryParam("guess") String guess,
            @Context HttpHeaders headers) {
        boolean guessed = guess != null && Parameters.flag("guess", guess);
        SentFile sent = SentFile.of(file, headers.getMediaType());
        return previews.preview(Caller.of(identity), sent, named(ImportQuery.checkedMapping(mapping)), guessed);
    }

    private NamedMapping named(String mapping) {
        return mappings.forImport(mapping)
                .orElseThrow(() -> ProblemException.invalid("mapping", "no mapping has that name"));
    }

    private static Response response(ImportStatement.Answer answer) {
        StatementView view = answer.statement();
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
