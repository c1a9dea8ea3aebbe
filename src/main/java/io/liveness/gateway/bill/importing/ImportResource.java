package io.liveness.gateway.bill.importing;

import io.liveness.gateway.bill.Invoice;
import io.liveness.gateway.bill.StatementView;
import io.liveness.gateway.bill.StatementView.ImportStatus;
import io.liveness.gateway.bill.importing.ReceiveFile.SentFile;
import io.liveness.gateway.bill.match.MatchStatement.ImportOrder;
import io.liveness.gateway.bill.read.StoreMappings;
import io.liveness.gateway.bill.read.StoreMappings.NamedMapping;
import io.liveness.gateway.platform.file.FileType;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Actor;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
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
import java.time.Instant;
import java.util.Optional;

/** Imports over HTTP. */
@Path(ImportResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
class ImportResource {

    static final String PATH = "/v1/statements";
    static final String PREVIEW = "/preview";

    /** The query of an import, as it was written. */
    static class ImportQuery {

        private static final int MAX_FILE_NAME = 256;

        @QueryParam("mapping")
        String mapping;

        @QueryParam("dryRun")
        String dryRun;

        @QueryParam("fileName")
        String fileName;

        @QueryParam("from")
        String from;

        @QueryParam("to")
        String to;

        @QueryParam("invoiceTotal")
        String invoiceTotal;

        @QueryParam("supersedes")
        String supersedes;

        ImportOrder order(NamedMapping named, Actor by, boolean mayConfirm) {
            Optional<Instant> begin = Optional.ofNullable(from).map(given -> Parameters.time("from", given));
            Optional<Instant> end = Optional.ofNullable(to).map(given -> Parameters.time("to", given));
            if (begin.isPresent() && end.isPresent() && !begin.get().isBefore(end.get())) {
                throw ProblemException.invalid("from", "must be before to");
            }
            return new ImportOrder(
                    named,
                    dryRun != null && Parameters.flag("dryRun", dryRun),
                    Optional.ofNullable(fileName).map(given -> Parameters.text("fileName", given, 1, MAX_FILE_NAME)),
                    begin,
                    end,
                    Optional.ofNullable(invoiceTotal)
                            .map(given -> Invoice.amount(
                                    "invoiceTotal", given, named.mapping().currency())),
                    Optional.ofNullable(supersedes).map(given -> Parameters.uuid("supersedes", given)),
                    by,
                    mayConfirm);
        }
    }

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
        ImportOrder order =
                query.order(named(query.mapping), Actor.of(identity), identity.hasRole(Roles.FINANCE_ADMIN));
        return response(imports.run(Caller.of(identity), SentFile.of(file, headers.getMediaType()), order));
    }

    @POST
    @Path(PREVIEW)
    @Consumes({FileType.TEXT_CSV, FileType.SPREADSHEET})
    public PreviewFile.PreviewView preview(
            InputStream file,
            @QueryParam("mapping") String mapping,
            @QueryParam("guess") String guess,
            @Context HttpHeaders headers) {
        boolean guessed = guess != null && Parameters.flag("guess", guess);
        SentFile sent = SentFile.of(file, headers.getMediaType());
        return previews.preview(Caller.of(identity), sent, named(mapping), guessed);
    }

    /** @param name the default one when null */
    private NamedMapping named(String name) {
        String given = Optional.ofNullable(name).orElse(NamedMapping.DEFAULT);
        return mappings.byName(NamedMapping.checkedName("mapping", given))
                .orElseThrow(() -> ProblemException.invalid("mapping", "no mapping has that name"));
    }

    private static Response response(ImportStatement.Imported answer) {
        StatementView view = answer.statement();
        String location = PATH + "/" + view.id();
        if (answer.known()) {
            return Response.ok(view).build();
        }
        Response.Status status =
                view.status() == ImportStatus.DONE ? Response.Status.CREATED : Response.Status.ACCEPTED;
        return Response.status(status).entity(view).header("Location", location).build();
    }
}
