package io.liveness.gateway.finance;

import io.liveness.gateway.platform.export.FileType;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.ZoneId;
import java.util.Optional;

/** Charges over HTTP. */
@Path("/v1/charges")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN, Roles.LIVENESS})
class ChargeResource {

    /** As the framework writes it where an operation has no other type. */
    private static final MediaType JSON = MediaType.APPLICATION_JSON_TYPE.withCharset("UTF-8");

    private final ListCharges charges;
    private final ExportCharges files;
    private final SecurityIdentity identity;

    ChargeResource(ListCharges charges, ExportCharges files, SecurityIdentity identity) {
        this.charges = charges;
        this.files = files;
        this.identity = identity;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, FileType.TEXT_CSV, FileType.SPREADSHEET})
    public Response list(@BeanParam ChargeQuery query, @Context HttpHeaders headers, @Context RoutingContext request) {
        ChargeViewer viewer = ChargeViewer.of(identity);
        ChargeFilter filter = query.filter(viewer);
        ZoneId zone = query.zone();
        Optional<FileType> file = FileType.wanted(headers.getAcceptableMediaTypes());
        if (file.isPresent()) {
            query.requireNone();
            return files.answer(filter, viewer, file.get(), zone, request.request());
        }
        ListCharges.Charges page = charges.page(filter, query.after(filter.fingerprint()), query.size());
        return Response.ok(ChargePage.of(page, filter), JSON).build();
    }
}
