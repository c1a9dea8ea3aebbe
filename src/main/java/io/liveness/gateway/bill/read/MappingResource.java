package io.liveness.gateway.bill.read;

import io.liveness.gateway.bill.read.StoreMappings.NamedMapping;
import io.liveness.gateway.platform.file.FileType;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Actor;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jboss.logging.Logger;

/** Mappings over HTTP. */
@Path(MappingResource.PATH)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
class MappingResource {

    static final String PATH = "/v1/statement-mappings";

    private static final String CSV = "text/csv;charset=UTF-8";
    private static final String ANY = "*";
    private static final Logger LOG = Logger.getLogger(MappingResource.class);

    /** All mappings: few enough to need no pages. */
    record MappingList(List<NamedMapping> items) {}

    private final StoreMappings mappings;
    private final SecurityIdentity identity;

    MappingResource(StoreMappings mappings, SecurityIdentity identity) {
        this.mappings = mappings;
        this.identity = identity;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public MappingList list() {
        return new MappingList(mappings.all());
    }

    @GET
    @Path("/{name}")
    @Produces(MediaType.APPLICATION_JSON)
    public NamedMapping get(@PathParam("name") String name) {
        return named(name);
    }

    private NamedMapping named(String name) {
        return mappings.byName(NamedMapping.checkedName("name", name)).orElseThrow(ProblemException::notFound);
    }

    @PUT
    @Path("/{name}")
    @Produces(MediaType.APPLICATION_JSON)
    @Consumes(MediaType.APPLICATION_JSON)
    public NamedMapping set(
            @PathParam("name") String name,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) String ifNoneMatch,
            @NotNull(message = "is required") @Valid Mapping mapping) {
        if (ifNoneMatch != null && !ifNoneMatch.equals(ANY)) {
            throw ProblemException.invalid(HttpHeaders.IF_NONE_MATCH, "must be " + ANY);
        }
        Actor by = Actor.of(identity);
        NamedMapping saved = mappings.set(NamedMapping.savableName(name), mapping.checked(), by, ifNoneMatch != null);
        LOG.infof("statement.mapping-set name=%s by=%s", name, by.name());
        return saved;
    }

    @DELETE
    @Path("/{name}")
    public void delete(@PathParam("name") String name) {
        Actor by = Actor.of(identity);
        if (!mappings.remove(NamedMapping.savableName(name), by)) {
            throw ProblemException.notFound();
        }
        LOG.infof("statement.mapping-deleted name=%s by=%s", name, by.name());
    }

    @GET
    @Path("/{name}/template")
    @Produces({CSV, FileType.SPREADSHEET})
    public Response template(@PathParam("name") String name, @Context Request accepted) {
        Template template = new Template(named(name).mapping());
        return FileType.isWorkbookPreferred(accepted)
                ? Response.ok(template.workbook(), FileType.SPREADSHEET).build()
                : Response.ok(template.csv(), CSV).build();
    }
}
