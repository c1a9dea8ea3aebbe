package io.liveness.gateway.statement.difference;

import io.liveness.gateway.finance.audit.Audit;
import io.liveness.gateway.ledger.Prices;
import io.liveness.gateway.platform.export.Exports;
import io.liveness.gateway.platform.export.FileType;
import io.liveness.gateway.platform.query.Page;
import io.liveness.gateway.platform.query.PageToken;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.liveness.gateway.statement.difference.ListAdjustments.AsFile;
import io.liveness.gateway.statement.difference.ListAdjustments.Filter;
import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Adjustments over HTTP. */
@Path("/v1/adjustments")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
class AdjustmentResource {

    private final ListAdjustments adjustments;
    private final Exports exports;
    private final Audit audit;
    private final Clock clock;
    private final Prices prices;
    private final SecurityIdentity identity;

    AdjustmentResource(
            ListAdjustments adjustments,
            Exports exports,
            Audit audit,
            Clock clock,
            Prices prices,
            SecurityIdentity identity) {
        this.adjustments = adjustments;
        this.exports = exports;
        this.audit = audit;
        this.clock = clock;
        this.prices = prices;
        this.identity = identity;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, FileType.TEXT_CSV, FileType.SPREADSHEET})
    public Response list(@BeanParam Filter.Query query, @Context Request accepted, @Context RoutingContext request) {
        Filter filter = query.filter(prices.zone());
        ZoneId zone = query.zone();
        Optional<FileType> file = FileType.wanted(accepted);
        if (file.isPresent()) {
            query.requireNone();
            return exports.answer(order(filter, file.get(), zone), request.request());
        }
        List<?> place = filter.fingerprint();
        Page<AdjustmentView> page = Page.of(
                adjustments.page(filter, query.after(place), query.size() + 1),
                query.size(),
                row -> row,
                row -> new PageToken(row.id()).encode(place));
        return Response.ok(page, DifferenceResource.JSON).build();
    }

    /** On the audit list before its first byte. */
    private Exports.Order order(Filter filter, FileType type, ZoneId zone) {
        String actor = Caller.actor(identity);
        AsFile table = new AsFile(filter, actor, clock.instant(), zone);
        Map<String, String> detail = new LinkedHashMap<>(filter.text());
        detail.put("type", type.label());
        detail.put("timeZone", zone.getId());
        Runnable recorded = () -> audit.recordExport(table.name(), actor, detail);
        return new Exports.Order(Caller.of(identity), type, zone, table, recorded);
    }
}
