package io.liveness.gateway.statement.mapping;

import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;

/** Mappings over HTTP. */
@Path(MappingResource.PATH)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
@Tag(ref = "Statements")
@APIResponse(responseCode = "401", ref = "Unauthenticated")
@APIResponse(responseCode = "403", ref = "Forbidden")
@APIResponse(responseCode = "413", ref = "TooLarge")
@APIResponse(responseCode = "429", ref = "RateLimited")
@APIResponse(responseCode = "431", ref = "HeadersTooLarge")
@APIResponse(responseCode = "500", ref = "InternalError")
@APIResponse(responseCode = "503", ref = "Unavailable")
class MappingResource {

    static final String PATH = "/v1/statement-mappings";

    private static final Logger LOG = Logger.getLogger(MappingResource.class);

    private final StoreMappings mappings;
    private final SecurityIdentity identity;

    MappingResource(StoreMappings mappings, SecurityIdentity identity) {
        this.mappings = mappings;
        this.identity = identity;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "listStatementMappings",
            summary = "Lists all mappings of columns",
            description = "The one that is configured, and those that were saved.")
    @APIResponse(
            responseCode = "200",
            description = "All of them",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = MappingList.class),
                            examples = @ExampleObject(name = "StatementMappingList", ref = "StatementMappingList")))
    @APIResponse(responseCode = "406", ref = "NotAcceptable")
    public Uni<MappingList> list() {
        return mappings.all().map(MappingList::new);
    }

    @GET
    @Path("/{name}")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "getStatementMapping",
            summary = "Tells a mapping of columns",
            description = "That named default is the configured one.")
    @APIResponse(
            responseCode = "200",
            description = "The mapping",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = MappingView.class),
                            examples = @ExampleObject(name = "NamedStatementMapping", ref = "NamedStatementMapping")))
    @APIResponse(responseCode = "400", ref = "BadRequest")
    @APIResponse(responseCode = "404", ref = "NotFound")
    @APIResponse(responseCode = "406", ref = "NotAcceptable")
    public Uni<MappingView> get(
            @PathParam("name")
                    @Parameter(
                            description = "Its name.",
                            schema = @Schema(type = SchemaType.STRING, pattern = MappingName.FORM),
                            example = "jumdata-2026")
                    String name) {
        return mappings.byName(MappingName.checked("name", name))
                .map(found -> found.orElseThrow(ProblemException::notFound));
    }

    @PUT
    @Path("/{name}")
    @Produces(MediaType.APPLICATION_JSON)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "setStatementMapping",
            summary = "Saves a mapping of columns",
            description = "In place of the one of that name. Statements that were imported stay as they were read.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = Mapping.class),
                            examples = @ExampleObject(name = "StatementMapping", ref = "StatementMapping")))
    @APIResponse(
            responseCode = "200",
            description = "The mapping as it stands now",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = MappingView.class),
                            examples = @ExampleObject(name = "NamedStatementMapping", ref = "NamedStatementMapping")))
    @APIResponse(responseCode = "400", ref = "BadRequest")
    @APIResponse(responseCode = "404", ref = "NotFound")
    @APIResponse(responseCode = "406", ref = "NotAcceptable")
    @APIResponse(responseCode = "415", ref = "UnsupportedMediaType")
    public Uni<MappingView> set(
            @PathParam("name")
                    @Parameter(
                            description = "Its name; not `default`.",
                            schema = @Schema(type = SchemaType.STRING, pattern = MappingName.FORM),
                            example = "jumdata-2026")
                    String name,
            @NotNull(message = "is required") @Valid Mapping mapping) {
        String by = Caller.actor(identity);
        return mappings.set(MappingName.savable(name), mapping.checked(), by)
                .invoke(() -> LOG.infof("statement.mapping-set name=%s by=%s", name, by));
    }

    @DELETE
    @Path("/{name}")
    @Operation(
            operationId = "deleteStatementMapping",
            summary = "Deletes a saved mapping of columns",
            description = "Statements that were imported stay as they were read.")
    @APIResponse(responseCode = "204", description = "Deleted")
    @APIResponse(responseCode = "400", ref = "BadRequest")
    @APIResponse(responseCode = "404", ref = "NotFound")
    public Uni<Void> delete(
            @PathParam("name")
                    @Parameter(
                            description = "Its name; not `default`.",
                            schema = @Schema(type = SchemaType.STRING, pattern = MappingName.FORM),
                            example = "jumdata-2026")
                    String name) {
        String by = Caller.actor(identity);
        return mappings.remove(MappingName.savable(name), by)
                .invoke(there -> {
                    if (!there) {
                        throw ProblemException.notFound();
                    }
                    LOG.infof("statement.mapping-deleted name=%s by=%s", name, by);
                })
                .replaceWithVoid();
    }
}
